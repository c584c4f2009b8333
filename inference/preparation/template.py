"""The template: where a prepared brain lies, and the grid it is read on.

The networks learned from brains that BraTS had laid on an atlas: upright, 240×240×155 voxels of
1 mm. Ours is the mean of the training brains (``python -m training template``), so it is the space
that they know, and it is nobody else's.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np

from inference.geometry.native_grid import NativeGrid

TEMPLATE: Final = Path(__file__).parents[2] / "assets" / "template" / "mean_brain.nii.gz"
# As every release of BraTS stores its images: LPS, the origin in a corner.
_WORKING_SHAPE: Final = (240, 240, 155)
_WORKING_AFFINE: Final = np.array(
    [[-1.0, 0, 0, 0], [0, -1.0, 0, 239], [0, 0, 1.0, 0], [0, 0, 0, 1.0]]
)


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class Template:
    """A mean brain.

    Args:
        image: (X, Y, Z) float32 in RAS+ order, background 0.
        grid: Its grid, in the world of :func:`working_grid`.
    """

    image: np.ndarray
    grid: NativeGrid


@cache
def mean_brain() -> Template:
    """The template that comes with GlioLens, voxels of 2 mm."""
    image = nib.Nifti1Image.from_filename(TEMPLATE)
    grid = NativeGrid.of(image)
    return Template(grid.to_ras(np.asarray(image.dataobj, np.float32)), grid)


def working_grid() -> NativeGrid:
    """The grid of BraTS: 240×240×155 voxels of 1 mm, stored LPS."""
    return grid_of(_WORKING_SHAPE, _WORKING_AFFINE)


def grid_of(shape: tuple[int, int, int], affine: np.ndarray) -> NativeGrid:
    """A grid that no file has, with a header that writes it in mm.

    Args:
        shape: Voxels along its three axes.
        affine: (4, 4) voxel to world in mm.
    """
    header = nib.Nifti1Header()
    header.set_data_shape(shape)
    header.set_data_dtype(np.float32)
    header.set_sform(affine, code="scanner")
    header.set_qform(affine, code="scanner")
    header.set_xyzt_units("mm")
    return NativeGrid(shape, np.asarray(affine, float), header)
