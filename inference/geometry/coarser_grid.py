"""A grid of larger voxels over the same place, for what is too large to be held as it is stored."""

import math
from dataclasses import replace
from typing import Final

import nibabel as nib
import numpy as np

from common.axes import triple
from inference.geometry.native_grid import NativeGrid

# The networks see voxels of about this size, whatever a scan has.
_WANTED_MM: Final = 1.0
_COARSER: Final = 1.02


def shape_within(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float, float], most_voxels: int
) -> tuple[int, int, int]:
    """How many voxels a volume is read as: of about 1 mm, or as little more as the limit asks for.

    Args:
        shape: Voxels along the three axes.
        spacing_mm: Their size.
        most_voxels: How many may be held.

    Returns:
        The same where they are no more; no axis gets more voxels than it has.
    """
    if math.prod(shape) <= most_voxels:
        return shape
    wanted_mm = _WANTED_MM
    while math.prod(coarser := _at(shape, spacing_mm, wanted_mm)) > most_voxels:
        wanted_mm *= _COARSER
    return coarser


def _at(
    shape: tuple[int, int, int], spacing_mm: tuple[float, float, float], wanted_mm: float
) -> tuple[int, int, int]:
    sides = zip(shape, spacing_mm, strict=True)
    return triple(min(size, max(1, round(size * mm / wanted_mm))) for size, mm in sides)


def coarser_grid(grid: NativeGrid, shape: tuple[int, int, int]) -> NativeGrid:
    """The grid of so many voxels that together cover what those of another one cover.

    The outer edges of the outermost voxels stay where they are, so the centre of the first moves.

    Args:
        grid: Of the file.
        shape: Voxels along its axes, no more than it has.

    Returns:
        ``grid`` itself where it has as many.
    """
    if shape == grid.shape:
        return grid
    step = np.array(grid.shape) / np.array(shape)
    affine = grid.affine.copy()
    affine[:3, :3] = grid.affine[:3, :3] * step
    affine[:3, 3] = nib.affines.apply_affine(grid.affine, (step - 1) / 2)
    header = nib.Nifti1Header()
    header.set_data_shape(shape)
    header.set_data_dtype(np.float32)
    # Whether a file says where it lies is kept; of its two forms the one that holds is left.
    known = grid.header["sform_code"] > 0 or grid.header["qform_code"] > 0
    header.set_sform(affine, code="scanner" if known else "unknown")
    header.set_qform(affine, code="scanner" if known else "unknown", strip_shears=True)
    header.set_xyzt_units("mm")
    return replace(grid, shape=shape, affine=affine, header=header, stored=grid)
