"""A whole synthetic case: four modalities and their truth on one grid."""

from dataclasses import dataclass

import numpy as np

from synthetic.anatomy import individual_points, make_anatomy
from synthetic.contrast import render
from synthetic.grid import HEAD_BOX, brats_grid
from synthetic.tumour import grow, make_plan, push_aside


@dataclass(frozen=True)
class SyntheticCase:
    """A made-up head with a glioma.

    Args:
        volume: (4, X, Y, Z) uint8 in RAS+ order, channels in the order of ``MODALITIES``;
            0 outside the brain.
        truth: (X, Y, Z) uint8 label map in BraTS 2023 numbering.
        affine: (4, 4) RAS+ voxel to world in mm, in the world of BraTS.
    """

    volume: np.ndarray
    truth: np.ndarray
    affine: np.ndarray


def make_case(*, shape: tuple[int, int, int] = (240, 240, 155), seed: int = 0) -> SyntheticCase:
    """Draw a head with a glioma.

    Args:
        shape: Voxels along X, Y and Z over the 240 × 240 × 155 mm of BraTS: the default gives
            1 mm, ``(64, 64, 32)`` the same head coarsely and much faster.
        seed: The same seed gives the same case, another seed another head and tumour.
    """
    whole_grid = brats_grid(shape)
    grid, window = whole_grid.window(HEAD_BOX)
    plan = make_plan(seed=seed)
    points, pressure = push_aside(individual_points(grid, seed=seed), plan)
    anatomy = make_anatomy(grid, points, squeeze=1 - 0.7 * pressure, seed=seed)
    tumour = grow(grid, grid.points, anatomy, plan, seed=seed)
    volume = np.zeros((4, *shape), np.uint8)
    volume[(slice(None), *window)] = render(grid, anatomy, tumour, seed=seed)
    truth = np.zeros(shape, np.uint8)
    truth[window] = tumour.labels * anatomy.mask
    return SyntheticCase(volume, truth, whole_grid.affine)
