"""One file at a time: what it is, whether it may be opened, and the voxels it holds."""
