"""Cutting a volume in RAS+ order as it is looked at.

Radiological convention, as on the compare page: axial and coronal slices are seen from the feet
and from the front, with the patient's right on the left of the picture, sagittal ones with the face
on the left. So every row, and every column, runs against its axis.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from common.planes import PLANES as AXES
from inference.network.preprocess import Box


@dataclass(frozen=True)
class Plane:
    """One of the three planes.

    Args:
        name: What it is called on screen.
        normal: The axis that runs through its slices.
        across: The axis along a row.
        up: The axis up a column.
        sides: Letters at the left, right, top and bottom of the picture.
    """

    name: str
    normal: int
    across: int
    up: int
    sides: tuple[str, str, str, str]

    def cut(self, volume: np.ndarray, index: int) -> np.ndarray:
        """(H, W) of one slice of an (X, Y, Z) array, the top row first."""
        return self.turn(volume.take(index, axis=self.normal))

    def turn(self, flat: np.ndarray) -> np.ndarray:
        """(H, W) of a slice whose two axes stand in the order X, Y, Z."""
        return flat.T[::-1, ::-1]

    def beside_normal(self, box: Box) -> tuple[slice, slice]:
        """The sides of a box that lie in this plane, in the order X, Y, Z."""
        return tuple(side for axis, side in enumerate(box) if axis != self.normal)

    def pixel_mm(self, spacing: tuple[float, float, float]) -> tuple[float, float]:
        """Height and width of a pixel in mm."""
        return spacing[self.up], spacing[self.across]


PLANES: Final = {
    "axial": Plane("Axial", *AXES["axial"], ("R", "L", "A", "P")),
    "coronal": Plane("Coronal", *AXES["coronal"], ("R", "L", "S", "I")),
    "sagittal": Plane("Sagittal", *AXES["sagittal"], ("A", "P", "S", "I")),
}


def largest_slice(label_maps: list[np.ndarray], plane: Plane, box: Box) -> int:
    """The slice in which the label maps hold most tumour together; the middle of ``box`` if none.

    Args:
        label_maps: (X, Y, Z) arrays.
        plane: How they are cut.
        box: Where the image is.
    """
    others = tuple(axis for axis in range(3) if axis != plane.normal)
    areas = sum(np.count_nonzero(labels, axis=others) for labels in label_maps)
    if np.any(areas):
        return int(np.argmax(areas))
    return (box[plane.normal].start + box[plane.normal].stop) // 2
