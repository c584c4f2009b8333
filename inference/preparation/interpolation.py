"""Reading an image once, through all motions at the same time."""

from typing import Final

import numpy as np

from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample, resample_sharply

# Full width at half maximum of a Gaussian over its standard deviation.
_WIDTH_TO_SIGMA: Final = 2.355


def read_once(
    image: np.ndarray,
    *,
    of: NativeGrid,
    onto: NativeGrid,
    motion: np.ndarray,
    sharply: bool = False,
) -> np.ndarray:
    """Read an image at the voxel centres of another grid.

    What is finer than the grid it is read on is smoothed first, or it would alias: by a Gaussian
    that makes up the difference of the two voxels' point spread, each of a full width at half
    maximum of one voxel (Cardoso et al. 2015, https://doi.org/10.1007/978-3-319-24571-3_81).

    Args:
        image: (X, Y, Z) float32 in RAS+ order.
        of: Its grid.
        onto: The grid of the answer.
        motion: (4, 4) from the world of ``onto`` to that of ``of``, in mm.
        sharply: Whether by cubic splines, for who measures what it shows; linearly is quicker.

    Returns:
        (X, Y, Z) float32 in RAS+ order; 0 a voxel away from what the image covers.
    """
    from scipy import ndimage

    wanted = np.array(_spacing_along(of, onto, motion))
    have = np.array(of.ras_spacing)
    sigma = np.sqrt(np.maximum(wanted**2 - have**2, 0)) / _WIDTH_TO_SIGMA / have
    smooth = ndimage.gaussian_filter(image, sigma, mode="nearest") if sigma.any() else image
    read = resample_sharply if sharply else resample
    return read(smooth, of=of, onto=onto, motion=motion)


def field_of_view(*, of: NativeGrid, onto: NativeGrid, motion: np.ndarray) -> np.ndarray:
    """(X, Y, Z) bool on the grid ``onto``: which of its voxels an image covers.

    Args:
        of: The grid of the image.
        onto: The grid of the answer.
        motion: As of :func:`read_once`.
    """
    voxels = np.linalg.inv(of.ras_affine) @ motion @ onto.ras_affine
    inside = np.ones(onto.ras_shape, bool)
    first, *others = np.ogrid[tuple(slice(size) for size in onto.ras_shape)]
    for at, part in zip(first, inside, strict=True):  # all places at once would take 70 MB
        for row, size in zip(voxels[:3], of.ras_shape, strict=True):
            axes = zip(row[:3], (at[0], *others), strict=True)
            place = sum(step * axis for step, axis in axes) + row[3]
            part &= ((place > -0.5) & (place < size - 0.5))[0]
    return inside


def _spacing_along(of: NativeGrid, onto: NativeGrid, motion: np.ndarray) -> list[float]:
    """How far apart in mm the voxels of ``onto`` are along each axis of ``of``."""
    into = np.linalg.inv(of.ras_affine[:3, :3]) @ motion[:3, :3] @ onto.ras_affine[:3, :3]
    return [float(np.abs(row).max() * mm) for row, mm in zip(into, of.ras_spacing, strict=True)]
