"""Pictures of slices with what was drawn on them."""
