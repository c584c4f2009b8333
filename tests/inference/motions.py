"""Rigid motions that tests move a head by."""

import nibabel as nib
import numpy as np
from scipy.spatial.transform import Rotation

from inference.geometry.native_grid import NativeGrid

_SHIFT, _AXIS = np.array([4.0, -3.0, 3.3]), np.array([1.0, 2.0, -1.0])


def rigid(shift_mm, turn_degrees, *, about=(0, 0, 0)):
    """(4, 4) in mm: a turn about an axis that is none of the grid's, then a shift."""
    axis = _AXIS / np.linalg.norm(_AXIS)
    turn = Rotation.from_rotvec(np.radians(turn_degrees) * axis).as_matrix()
    shift = shift_mm * _SHIFT / np.linalg.norm(_SHIFT)
    return nib.affines.from_matvec(turn, np.asarray(about) + shift - turn @ np.asarray(about))


def moved_grid(grid, motion):
    """The same voxels where the head has moved: what a scanner writes of a later image."""
    return NativeGrid(grid.shape, motion @ grid.affine, grid.header)


def centre_of(image, grid):
    """(3,) place in mm of the middle of the tissue."""
    return nib.affines.apply_affine(grid.ras_affine, np.argwhere(image != 0).mean(axis=0))
