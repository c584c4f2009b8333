"""The mean brain that hospital scans are laid on."""
