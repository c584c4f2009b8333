"""What a network reads of a case and what its output becomes: slices in, a segmentation out."""
