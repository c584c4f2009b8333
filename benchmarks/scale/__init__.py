"""Time and memory against slices, visitors, cases and machines."""
