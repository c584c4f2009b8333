"""Stacks of slices in the scanner's space: where they lie and how they are turned.

World coordinates here are RAS+ mm, as in NIfTI; DICOM's LPS is two signs away.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.spatial.transform import Rotation

# Directions in RAS of a growing column and a growing row index, as scanners show the planes.
_PLANES: Final = {
    "axial": ((-1, 0, 0), (0, -1, 0)),
    "sagittal": ((0, -1, 0), (0, 0, -1)),
    "coronal": ((-1, 0, 0), (0, 0, -1)),
}
LPS_OF_RAS: Final = np.diag((-1.0, -1.0, 1.0))


@dataclass(frozen=True)
class Stack:
    """Parallel slices.

    Args:
        plane: ``"axial"``, ``"sagittal"`` or ``"coronal"`` before it is tilted.
        tilt: Degrees about X, Y and Z.
        centre: Middle of the stack in mm.
        shape: Columns, rows, slices.
        pixel: Size of a pixel in mm.
        thickness: Of a slice, in mm.
        distance: From centre to centre of neighbouring slices, in mm.
    """

    plane: str
    tilt: tuple[float, float, float]
    centre: tuple[float, float, float]
    shape: tuple[int, int, int]
    pixel: float
    thickness: float
    distance: float

    @property
    def directions(self) -> np.ndarray:
        """(3, 3) unit vectors in RAS as columns: along columns, rows and slices."""
        column, row = np.array(_PLANES[self.plane], float)
        normal = np.cross(column, row)
        turned = Rotation.from_euler("xyz", self.tilt, degrees=True).as_matrix()
        return turned @ np.stack([column, row, normal], axis=1)

    @property
    def affine(self) -> np.ndarray:
        """(4, 4) voxel (column, row, slice) to world RAS in mm."""
        affine = np.eye(4)
        affine[:3, :3] = self.directions * (self.pixel, self.pixel, self.distance)
        middle = (np.array(self.shape) - 1) / 2
        affine[:3, 3] = np.array(self.centre) - affine[:3, :3] @ middle
        return affine

    def origin(self, number: int) -> np.ndarray:
        """(3,) LPS position in mm of the first pixel's centre of a slice."""
        return LPS_OF_RAS @ (self.affine @ (0, 0, number, 1))[:3]

    @property
    def orientation(self) -> list[float]:
        """Direction cosines as in ImageOrientationPatient."""
        return (LPS_OF_RAS @ self.directions[:, :2]).T.ravel().tolist()


def rigid(turn: tuple[float, float, float], shift: tuple[float, float, float]) -> np.ndarray:
    """(4, 4) motion: degrees about X, Y and Z through the middle of the brain, then mm."""
    about = np.array((0.0, -15.0, 5.0))
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", turn, degrees=True).as_matrix()
    matrix[:3, 3] = about - matrix[:3, :3] @ about + shift
    return matrix
