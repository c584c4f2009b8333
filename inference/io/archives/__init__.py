"""Zips and tars under limits."""
