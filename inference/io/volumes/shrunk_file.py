"""A file of more voxels than are held, read on a grid of larger ones of about 1 mm.

Scanners write up to 512 × 512 × 512 voxels. Four such images take 2 GB as float32, and the networks
see them at 1 mm in any case. So the planes are averaged as they are unpacked, and the answer goes
back to the voxels of the file.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import nibabel as nib
import numpy as np

from inference.geometry.averaging import PlaneAverager, PlanePicker
from inference.geometry.coarser_grid import coarser_grid, shape_within
from inference.geometry.native_grid import NativeGrid
from inference.io.volumes.itk_file import ItkFile
from inference.io.volumes.nifti_guard import NiftiFile
from inference.io.volumes.nifti_world import world_affine

# 271 voxels each way: four modalities as float32 take 320 MB.
HELD_VOXELS: Final = 20_000_000


# eq=False: comparing two headers has no one answer.
@dataclass(frozen=True, eq=False)
class ShrunkFile:
    """A checked file whose voxels are read as means, or one for several.

    Args:
        stored: The file.
        shape: Voxels along the three axes, as it is read.
        picked: Whether one voxel stands for its neighbours: numbers of a label map have no mean.
    """

    stored: NiftiFile | ItkFile
    shape: tuple[int, int, int]
    picked: bool = False

    @property
    def path(self) -> Path:
        """Where it is."""
        return self.stored.path

    @property
    def volumes(self) -> int:
        """How many images it holds."""
        return self.stored.volumes

    @property
    def parts(self) -> str:
        """What to call its volumes."""
        return self.stored.parts

    @cached_property
    def grid(self) -> NativeGrid:
        """The grid it is read on, with that of the file."""
        return coarser_grid(grid_of_header(self.stored), self.shape)

    @property
    def header(self) -> nib.Nifti1Header:
        """A header of the grid it is read on; slope and intercept are in the numbers."""
        return self.grid.header

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on how it is read."""
        if self.picked:
            return self.stored.notes
        return (*self.stored.notes, shrinking_note(self.grid))


def grid_of_header(file: NiftiFile | ItkFile) -> NativeGrid:
    """The grid of a file, with the header of one volume, so that a label map fits it."""
    header = file.header.copy()
    header.set_data_shape(file.shape)
    return NativeGrid(file.shape, world_affine(header), header)


def held(file: NiftiFile | ItkFile, most_voxels: int) -> NiftiFile | ItkFile | ShrunkFile:
    """A file as it is, or shrunk where it holds more voxels than shall be held."""
    most = min(most_voxels, HELD_VOXELS)
    if math.prod(file.shape) <= most:
        return file
    return ShrunkFile(file, shape_within(file.shape, grid_of_header(file).spacing, most))


def picking(file: ShrunkFile) -> ShrunkFile:
    """The same, with one voxel for several in the place of their mean."""
    return replace(file, picked=True)


def shrinking_note(grid: NativeGrid) -> str:
    """On what voxels a large image is worked on.

    Args:
        grid: The grid it is read on, with that of the file.
    """
    stored = grid.of_file
    return (
        f"Images of {_times(stored.shape)} voxels of {sizes_in_mm(stored)} mm are worked on at "
        f"{sizes_in_mm(grid)} mm; the label maps are written on the voxels of the files."
    )


def averager(file: ShrunkFile) -> PlaneAverager | PlanePicker:
    """What takes the planes of one of its volumes."""
    kind = PlanePicker if file.picked else PlaneAverager
    return kind(file.stored.shape, file.shape)


def scaled(planes: np.ndarray, header: nib.Nifti1Header) -> Iterator[np.ndarray]:
    """(X, Y) float32 planes of (X, Y, planes), after slope and intercept.

    Args:
        planes: As they are stored.
        header: Of their file.
    """
    slope, inter = header.get_slope_inter()
    for place in range(planes.shape[2]):
        with np.errstate(over="ignore", invalid="ignore"):
            plane = planes[..., place].astype(np.float32)
            if slope is not None and (slope, inter) != (1.0, 0.0):
                plane *= np.float32(slope)
                plane += np.float32(inter)
        yield plane


def _times(shape: tuple[int, int, int]) -> str:
    return " × ".join(map(str, shape))


def sizes_in_mm(grid: NativeGrid) -> str:
    """The voxels of a grid, such as ``0.47 × 0.47 × 1``; one number where all sides are alike."""
    sizes = [f"{size:.2g}" for size in grid.spacing]
    return sizes[0] if len(set(sizes)) == 1 else " × ".join(sizes)
