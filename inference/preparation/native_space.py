"""The answer back on the grid of a sequence as the scanner wrote it."""

import numpy as np

from common.labels import labels_to_regions, regions_to_labels
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample

# A voxel of a thick slice is read at places no farther apart than this.
_APART_MM = 1.0
# Half: as much of a voxel must be of a region for it to be called so.
_HALF = 0.5


def labels_on(
    labels: np.ndarray, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray
) -> np.ndarray:
    """Bring a label map onto another grid, voted region by region over every voxel's extent.

    Args:
        labels: (X, Y, Z) uint8 in RAS+ order, BraTS 2023 numbering.
        of: Its grid.
        onto: The grid of the answer.
        motion: (4, 4) from the world of ``onto`` to that of ``of``, in mm.

    Returns:
        (X, Y, Z) uint8 in RAS+ order; a voxel is of a region where at least half of it is.
    """
    regions = labels_to_regions(labels).astype(np.float32)
    shares = shares_on(regions, of=of, onto=onto, motion=motion)
    return regions_to_labels(shares >= _HALF)


def shares_on(
    regions: np.ndarray, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray
) -> np.ndarray:
    """Bring maps of 0 to 1 onto another grid, as means over the extent of each of its voxels.

    Args:
        regions: (R, X, Y, Z) float32 in RAS+ order.
        of: Their grid.
        onto: The grid of the answer.
        motion: As of :func:`labels_on`.

    Returns:
        (R, X, Y, Z) float32 in RAS+ order; 0 outside what the maps cover.
    """
    offsets = _places_in_a_voxel(onto.ras_spacing)
    shares = np.zeros((len(regions), *onto.ras_shape), np.float32)
    for share, region in zip(shares, regions, strict=True):
        if not region.any():
            continue
        for offset in offsets:
            step = np.eye(4)
            step[:3, 3] = onto.ras_affine[:3, :3] @ offset
            share += resample(region, of=of, onto=onto, motion=motion @ step)
    return shares / len(offsets)


def _places_in_a_voxel(spacing_mm: tuple[float, float, float]) -> np.ndarray:
    """(N, 3) places in a voxel, in parts of it from its centre, evenly over its extent."""
    counts = [max(1, round(mm / _APART_MM)) for mm in spacing_mm]
    axes = [(np.arange(count) + 0.5) / count - 0.5 for count in counts]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
