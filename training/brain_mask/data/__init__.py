"""The heads that the brain-mask network learns from and is evaluated on."""
