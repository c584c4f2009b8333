"""What can be learned of a finished segmentation: explanation, uncertainty, caveats."""
