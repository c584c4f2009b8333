"""Folding: sulci cut into the hemispheres and folia into the cerebellum.

A sulcus is the zero set of a random field that is constant along the way inwards from the
surface, so that it runs down like a sheet; its spacing is that of human gyri.
"""

import numpy as np
from scipy import ndimage

from synthetic.fields import band_noise, ramp, sample, smooth_noise
from synthetic.grid import Grid

_INWARDS = 0.85  # below 1 lets sulci bend a little on their way down
_PRIMARY = 6.5  # mm, scale of the field: sulci some 15 mm apart
_SECONDARY = 4.5
_SEAM = 0.8  # mm, just enough for no seam to slip between voxels
_SHALLOWER = 0.6  # share by which sulci inside a cleft are shallower than those of the convexity


def fold_cortex(
    grid: Grid, solid: np.ndarray, hull: np.ndarray, *, width: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Cut sulci into a solid.

    Args:
        grid: The working grid.
        solid: (X, Y, Z) bool, the brain without its clefts.
        hull: (X, Y, Z) signed distance to the brain with its clefts filled in.
        width: (X, Y, Z) or scalar factor on the sulci's width: below 1 where they are squeezed.
        seed: Seed of the case.

    Returns:
        sulci: (X, Y, Z) bool, the voxels that become CSF.
        seams: (X, Y, Z) bool, the sulci and their closed parts below, where grey meets grey.
    """
    depth, surface = _surface_below(grid, solid)
    buried = ramp(sample(hull, grid, surface) + 6, width=6.0)
    sulci, seams = np.zeros(grid.shape, bool), np.zeros(grid.shape, bool)
    for name, scale, reach in (("primary", _PRIMARY, 21.0), ("secondary", _SECONDARY, 8.0)):
        field = sample(band_noise(grid, scale=scale, seed=seed, name=name), grid, surface)
        floor = (
            reach
            * (1 - _SHALLOWER * buried)
            * (1 + 0.45 * smooth_noise(grid, scale=9, seed=seed, name=f"{name} depth"))
        )
        taper = np.clip(1 - 1.3 * depth / np.maximum(floor, 1.0), 0, 1)
        wide = 1 + 0.35 * smooth_noise(grid, scale=14, seed=seed, name=f"{name} width")
        half_width = (0.7 + 0.7 * np.exp(-depth / 4)) * wide * width * np.sqrt(taper)
        distance = _distance_to_zero(field, grid)
        sulci |= distance < half_width
        seams |= (distance < np.maximum(half_width, _SEAM)) & (depth < floor)
    return sulci & solid, seams & solid


def fold_cerebellum(
    grid: Grid, distance: np.ndarray, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of grey matter and of clefts in the cerebellum: leaves around a branching core."""
    wobble = smooth_noise(grid, scale=6, seed=seed, name="folia")
    _, y, z = grid.points
    around = np.arctan2(z + 36, y + 40)
    leaves = 0.5 + 0.5 * np.cos(around * 32 + 2.2 * wobble)
    inwards = np.clip(-distance / 18, 0, 1)
    grey = np.clip(1.7 - 1.4 * inwards - 0.7 * leaves, 0, 1)
    return grey, 0.4 * (1 - leaves) ** 4 * np.clip(1.2 - 1.3 * inwards, 0, 1)


def _surface_below(grid: Grid, solid: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
    """Depth in mm, and for every voxel the point of the surface it lies under, in mm."""
    depth, nearest = ndimage.distance_transform_edt(
        solid, sampling=grid.spacing, return_indices=True
    )
    surface = []
    for number, position in enumerate(grid.points):
        foot = grid.first[number] + nearest[number].astype(np.float32) * grid.spacing[number]
        moved = ndimage.gaussian_filter(foot - position, [1.5 / step for step in grid.spacing])
        surface.append(position + np.float32(_INWARDS) * moved)
    return depth.astype(np.float32), surface


def _distance_to_zero(field: np.ndarray, grid: Grid) -> np.ndarray:
    """Distance in mm to the zero set of a field, good near it."""
    slope = np.sqrt(sum(part**2 for part in np.gradient(field, *grid.spacing)))
    return np.abs(field) / (slope + np.float32(0.05))
