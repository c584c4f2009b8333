"""One examination: which series it has, which of them is which modality, and why."""
