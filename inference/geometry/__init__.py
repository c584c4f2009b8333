"""Voxel grids in the world: orientation, resampling from one to another, rigid registration."""
