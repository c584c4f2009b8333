"""The voxel grid a synthetic head is drawn on, and the head's own coordinates.

Head coordinates are millimetres, RAS+: x to the right, y forwards, z upwards, with the origin
between the commissures as in atlases, so that anatomy can be written down as in a textbook.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

Box = tuple[tuple[float, float], ...]  # lowest and highest X, Y and Z in mm

# BraTS covers 240 × 240 × 155 mm, whatever number of voxels a test asks for.
FIELD_OF_VIEW: Final = (240.0, 240.0, 155.0)
# Where BraTS keeps the head in its field of view: world minus head coordinates.
_WORLD_OF_HEAD: Final = np.array((-118.0, 125.0, 68.0))
# First voxel edge of the field of view in world coordinates, from a BraTS header.
_WORLD_EDGE: Final = np.array((-239.5, -0.5, -0.5))
# Nothing of a head lies outside; computing only inside saves half the time.
HEAD_BOX: Final[Box] = ((-74.0, 74.0), (-108.0, 78.0), (-68.0, 78.0))


@dataclass(frozen=True)
class Grid:
    """A regular RAS+ grid.

    Args:
        first: Head coordinates in mm of the first voxel's centre.
        spacing: Voxel size in mm.
        shape: Voxels along X, Y and Z.
    """

    first: tuple[float, float, float]
    spacing: tuple[float, float, float]
    shape: tuple[int, int, int]

    def axis(self, number: int) -> np.ndarray:
        """(n,) float32 positions in mm of the voxel centres along one axis."""
        steps = np.arange(self.shape[number], dtype=np.float64)
        return (self.first[number] + steps * self.spacing[number]).astype(np.float32)

    @property
    def points(self) -> list[np.ndarray]:
        """Positions in mm as three arrays that broadcast to the grid's shape."""
        return list(
            np.meshgrid(*[self.axis(number) for number in range(3)], indexing="ij", sparse=True)
        )

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in millilitres."""
        return float(np.prod(self.spacing)) / 1000.0

    @property
    def affine(self) -> np.ndarray:
        """(4, 4) voxel of this RAS+ grid to BraTS world coordinates in mm."""
        affine = np.diag((*self.spacing, 1.0))
        affine[:3, 3] = np.asarray(self.first) + _WORLD_OF_HEAD
        return affine

    def window(self, box: Box) -> tuple["Grid", tuple[slice, ...]]:
        """The part of the grid inside a box given in mm, and where it lies in the grid."""
        slices = []
        for number, (low, high) in enumerate(box):
            inside = np.flatnonzero((self.axis(number) >= low) & (self.axis(number) <= high))
            slices.append(slice(int(inside[0]), int(inside[-1]) + 1))
        first = tuple(float(self.axis(number)[part.start]) for number, part in enumerate(slices))
        shape = tuple(part.stop - part.start for part in slices)
        return Grid(first, self.spacing, shape), tuple(slices)


def brats_grid(shape: tuple[int, int, int]) -> Grid:
    """A grid of so many voxels over the field of view of BraTS."""
    spacing = np.asarray(FIELD_OF_VIEW) / np.asarray(shape)
    first = _WORLD_EDGE + spacing / 2 - _WORLD_OF_HEAD
    return Grid(tuple(map(float, first)), tuple(map(float, spacing)), tuple(shape))
