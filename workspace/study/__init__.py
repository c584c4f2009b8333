"""A study as the scanner wrote it: its series, which is which, and the way to a case."""
