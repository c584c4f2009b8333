"""Commands for scans as a scanner writes them."""
