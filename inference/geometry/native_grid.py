"""From a file's own voxel grid to RAS+ and back.

Left and right come from the affine, never from the order of the array (NIfTI-1 standard,
https://nifti.nimh.nih.gov/nifti-1). Only flips and permutations of axes happen here, so every
voxel keeps its value and the way back is exact.
"""

from dataclasses import dataclass
from functools import cached_property

import nibabel as nib
import numpy as np
from nibabel.orientations import apply_orientation, inv_ornt_aff, io_orientation, ornt_transform

from common.axes import triple

_RAS = np.array([[0, 1], [1, 1], [2, 1]])


@dataclass(frozen=True)
class NativeGrid:
    """The voxel grid of a file, with all that is needed to write onto it again.

    Args:
        shape: Voxels along the three axes of the file.
        affine: (4, 4) voxel to world in mm, as nibabel chose it from sform, qform or pixdim.
        header: The file's header; its qform, sform, codes and units go into every export.
        stored: The grid of the file, where it was read on one of larger voxels; else None.
    """

    shape: tuple[int, int, int]
    affine: np.ndarray
    header: nib.Nifti1Header
    stored: "NativeGrid | None" = None

    @classmethod
    def of(cls, image: nib.Nifti1Image) -> "NativeGrid":
        """The grid of an image of three or four dimensions."""
        return cls(triple(image.shape[:3]), np.asarray(image.affine), image.header.copy())

    @property
    def of_file(self) -> "NativeGrid":
        """The grid that the file is stored on."""
        return self.stored or self

    @cached_property
    def orientation(self) -> np.ndarray:
        """(3, 2) as nibabel has it: the RAS+ axis each file axis runs along, and its sign."""
        return io_orientation(self.affine)

    @property
    def axis_codes(self) -> str:
        """Three letters, such as ``"LPS"``: the direction in which each file axis increases."""
        return "".join(nib.orientations.ornt2axcodes(self.orientation))

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Voxel size in mm along the axes of the file."""
        return triple(float(size) for size in nib.affines.voxel_sizes(self.affine))

    @property
    def ras_spacing(self) -> tuple[float, float, float]:
        """Voxel size in mm along the RAS+ axes."""
        spacing = np.empty(3)
        spacing[self.orientation[:, 0].astype(int)] = self.spacing
        return triple(float(size) for size in spacing)

    @property
    def ras_shape(self) -> tuple[int, int, int]:
        """Voxels along the RAS+ axes."""
        return self.to_ras(np.broadcast_to(False, self.shape)).shape

    @property
    def ras_affine(self) -> np.ndarray:
        """(4, 4) RAS+ voxel to world in mm."""
        return self.affine @ inv_ornt_aff(self.orientation, self.shape)

    def to_ras(self, array: np.ndarray) -> np.ndarray:
        """Turn an array on this grid into (X, Y, Z) in RAS+ order; a view where possible."""
        return apply_orientation(array, self.orientation)

    def to_native(self, array: np.ndarray) -> np.ndarray:
        """Turn an (X, Y, Z) array in RAS+ order back into the order of the file."""
        return apply_orientation(array, ornt_transform(_RAS, self.orientation))

    def differs_from(self, other: "NativeGrid") -> str | None:
        """Describe how two grids differ, or None where a voxel means the same place in both.

        Two affines count as equal when no corner of the volume moves by more than a tenth of the
        smallest voxel: headers of one scan differ by rounding, not by more.
        """
        if self.shape != other.shape:
            here, there = self.of_file.shape, other.of_file.shape
            return f"{_times(here)} voxels instead of {_times(there)}"
        corners = np.array(np.meshgrid(*[(0, size - 1) for size in self.shape])).reshape(3, -1)
        here, there = (nib.affines.apply_affine(g.affine, corners.T) for g in (self, other))
        shift = float(np.abs(here - there).max())
        if shift > 0.1 * min(other.spacing):
            return f"a position that differs by up to {shift:.3g} mm"
        return None


def _times(shape: tuple[int, ...]) -> str:
    return "×".join(str(size) for size in shape)
