"""The answer back on the grid of a sequence as the scanner wrote it."""

from collections.abc import Iterator

import nibabel as nib
import numpy as np

from common.axes import triple
from common.labels import labels_to_regions, regions_to_labels
from inference.geometry.boxes import Box, box_of
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import resample

# A voxel of a thick slice is read at places no farther apart than this.
_APART_MM = 1.0
# What is brought back at once: three regions of them as float32 take 50 MB.
_AT_ONCE = 4_000_000
# What maps of the three regions are cut at.
ONE_HALF = np.full((3, 1, 1, 1), 0.5, np.float32)
# As much of a voxel must be of a region for it to be called so.
_AT_LEAST_HALF = np.nextafter(ONE_HALF, np.float32(0))


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
    drawn = box_of(labels)
    if drawn is None:
        return np.zeros(onto.ras_shape, np.uint8)
    regions = labels_to_regions(labels[drawn]).astype(np.float32)
    return cut_on(regions, _AT_LEAST_HALF, box=drawn, of=of, onto=onto, motion=motion)


def cut_on(
    maps: np.ndarray,
    limits: np.ndarray,
    *,
    box: Box,
    of: NativeGrid,
    onto: NativeGrid,
    motion: np.ndarray,
) -> np.ndarray:
    """Bring maps of the regions onto another grid, and draw what exceeds its limit there.

    Args:
        maps: (3, x, y, z) float32 inside ``box``, 0 outside it.
        limits: (3, 1, 1, 1).
        box: Where the maps lie on ``of``.
        of: Their grid.
        onto: The grid of the answer.
        motion: As of :func:`labels_on`.

    Returns:
        (X, Y, Z) uint8 in RAS+ order, BraTS 2023 numbering.
    """
    # Zeros take no memory until they are written over, which matters where there are many.
    found = np.zeros(onto.ras_shape, np.uint8)
    there = box_on(box, of=of, onto=onto, motion=motion)
    for part in _parts(there):
        shares = shares_on(maps, of=part_of(of, box), onto=part_of(onto, part), motion=motion)
        found[part] = regions_to_labels(shares > limits)
    return found


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


def box_on(box: Box, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray) -> Box:
    """The box on another grid that holds all that lies in a box of this one.

    Args:
        box: On ``of``.
        of: The grid it lies on.
        onto: The other grid.
        motion: As of :func:`labels_on`.

    Returns:
        Inside ``onto``, with a voxel to spare; empty where nothing of it is covered.
    """
    back = np.linalg.inv(onto.ras_affine) @ np.linalg.inv(motion) @ of.ras_affine
    # The outer edges of the outermost voxels, which interpolation spreads by one voxel more.
    edges = [(side.start - 1.5, side.stop + 0.5) for side in box]
    corners = np.array(np.meshgrid(*edges)).reshape(3, -1).T
    places = nib.affines.apply_affine(back, corners)
    low, high = np.floor(places.min(axis=0)), np.ceil(places.max(axis=0)) + 1
    sides = zip(low, high, onto.ras_shape, strict=True)
    return triple(
        slice(int(np.clip(start, 0, size)), int(np.clip(stop, 0, size)))
        for start, stop, size in sides
    )


def part_of(grid: NativeGrid, box: Box) -> NativeGrid:
    """The grid of a box of an array in RAS+ order."""
    affine = grid.ras_affine.copy()
    affine[:3, 3] = nib.affines.apply_affine(affine, [side.start for side in box])
    shape = triple(side.stop - side.start for side in box)
    return NativeGrid(shape, affine, grid.header)


def _parts(box: Box) -> Iterator[Box]:
    """A box cut across its first axis, into as few parts as are each brought back at once."""
    first, second, third = box
    of_one = (second.stop - second.start) * (third.stop - third.start)
    thick = max(1, _AT_ONCE // max(of_one, 1))
    for start in range(first.start, first.stop, thick):
        yield slice(start, min(start + thick, first.stop)), second, third


def _places_in_a_voxel(spacing_mm: tuple[float, float, float]) -> np.ndarray:
    """(N, 3) places in a voxel, in parts of it from its centre, evenly over its extent."""
    counts = [max(1, round(mm / _APART_MM)) for mm in spacing_mm]
    axes = [(np.arange(count) + 0.5) / count - 0.5 for count in counts]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
