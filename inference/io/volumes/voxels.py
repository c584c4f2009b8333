"""A checked file's voxels as (X, Y, Z) arrays in RAS+ order, and the grid they lie on."""

import numpy as np

from inference.geometry.native_grid import NativeGrid
from inference.io.volumes.checked_file import CheckedFile
from inference.io.volumes.nifti_blocks import read_blocks
from inference.io.volumes.nifti_world import world_affine
from inference.io.volumes.shrunk_file import ShrunkFile


def native_grid(file: CheckedFile) -> NativeGrid:
    """The grid a file is read on, with the header of one volume, so that a label map fits it."""
    if isinstance(file, ShrunkFile):
        return file.grid
    header = file.header.copy()
    header.set_data_shape(file.shape)
    return NativeGrid(file.shape, world_affine(header), header)


def read_into(file: CheckedFile, channels: dict[int, np.ndarray], grid: NativeGrid) -> None:
    """Read volumes of a file, by their number, into (X, Y, Z) float32 zeros in RAS+ order."""
    targets = {number: grid.to_native(channel) for number, channel in channels.items()}
    with np.errstate(over="ignore", invalid="ignore"):
        for block in read_blocks(file):
            # The volume is zero already: a bomb of zeros is not given any memory.
            if block.volume in targets and block.voxels.any():
                _copy(block.voxels, targets[block.volume][..., block.planes])
        slope, inter = file.header.get_slope_inter()
        if slope is not None and (slope, inter) != (1.0, 0.0):
            for channel in channels.values():
                channel *= slope
                channel += inter


def _copy(voxels: np.ndarray, target: np.ndarray) -> None:
    """Copy (X, Y, Z) row by row: files run along X first, arrays along Z, and a row fits a cache.

    At once it would take four times as long.
    """
    for row in range(voxels.shape[1]):
        target[:, row] = voxels[:, row]
