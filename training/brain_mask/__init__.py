"""The brain-mask network: its heads, its teacher, its training, its evaluation."""
