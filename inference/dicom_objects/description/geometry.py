"""A grid of voxels as DICOM writes it: positions, directions and distances in LPS millimetres."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from common.axes import triple
from common.errors import InputError
from inference.dicom.file_headers.values import Pair, Sextuple, Triple
from inference.geometry.native_grid import NativeGrid

_TO_LPS: Final = np.diag([-1.0, -1.0, 1.0])
# Headers round; a header of a sheared grid differs by more.
_ANGLE_TOLERANCE: Final = 1e-3


@dataclass(frozen=True)
class PlaneGeometry:
    """Where the planes of a grid lie.

    Args:
        orientation: Directions along a row and along a column.
        pixel_spacing: Distance of rows and of columns, as PixelSpacing has it.
        slice_spacing: Distance of the planes.
        positions: Centre of the first pixel of each plane, in the order of the third axis.
        shape: Planes, rows and columns.
    """

    orientation: Sextuple
    pixel_spacing: Pair
    slice_spacing: float
    positions: tuple[Triple, ...]
    shape: tuple[int, int, int]


def plane_geometry(grid: NativeGrid, *, name: str) -> PlaneGeometry:
    """The planes of a grid, its first axis along the rows, its third through the planes.

    Args:
        grid: As the file has it.
        name: What to call the image in a sentence.

    Raises:
        InputError: where its axes are not at right angles, which DICOM has no room for.
    """
    axes = _TO_LPS @ grid.affine[:3, :3]
    columns, rows, planes = grid.shape
    between_columns, between_rows, between_planes = (
        float(length) for length in np.linalg.norm(axes, axis=0)
    )
    row, column, normal = (axes / [between_columns, between_rows, between_planes]).T
    if max(abs(row @ column), abs(row @ normal), abs(column @ normal)) > _ANGLE_TOLERANCE:
        raise InputError(
            f"{name} has voxels whose edges are not at right angles, which DICOM cannot hold; "
            "resample it to a straight grid first."
        )
    first = _TO_LPS @ grid.affine[:3, 3]
    positions = tuple(triple(map(float, first + axes[:, 2] * at)) for at in range(planes))
    return PlaneGeometry(
        (*triple(map(float, row)), *triple(map(float, column))),
        (between_rows, between_columns),
        between_planes,
        positions,
        (planes, rows, columns),
    )


def as_planes(voxels: np.ndarray, grid: NativeGrid) -> np.ndarray:
    """(X, Y, Z) in RAS+ order to (planes, rows, columns) in the order of the grid's own file."""
    return np.ascontiguousarray(grid.to_native(voxels).transpose(2, 1, 0))
