"""Small files that had to be decoded to be checked: pictures or an array of one or more slices."""

from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class DecodedFile:
    """Slices with one or more channels, decoded; they stand where a ``NiftiFile`` may stand.

    Args:
        path: Where it is; of several files, what names them all.
        header: A made-up header that says how a slice lies; see :func:`decoded_slice`.
        voxels: (X, Y, Z, channels) as stored, X to the patient's left, Y to the back; Z is 1 of
            a slice that is alone.
        colour: Whether the channels are the red, green and blue of a picture.
        notes: Sentences on how it was read that the user should know.
        slice_names: What the picture of each slice is called, where there are several.
        grey_in_colour: Whether it is grey, but was saved as red, green and blue.
    """

    path: Path
    header: nib.Nifti1Header
    voxels: np.ndarray
    colour: bool = False
    notes: tuple[str, ...] = ()
    slice_names: tuple[str, ...] = ()
    grey_in_colour: bool = False

    @property
    def shape(self) -> tuple[int, int, int]:
        """Voxels along the three axes."""
        return self.voxels.shape[:3]

    @property
    def volumes(self) -> int:
        """How many channels there are."""
        return self.voxels.shape[3]

    @property
    def parts(self) -> str:
        """What to call its volumes."""
        return "colours" if self.colour else "channels"


def decoded_slice(
    path: Path, pixels: np.ndarray, *, colour: bool = False, notes: tuple[str, ...] = ()
) -> DecodedFile:
    """Stand a slice as it is looked at into space.

    Rows run from front to back and columns from the patient's right to the left, as in radiology
    and in :func:`inference.network.preprocess.to_slices`. The size of a pixel is not known; the
    header says 1 and gives no unit.

    Args:
        path: The file, for its name.
        pixels: (H, W) or (H, W, channels).
        colour: Whether the channels are colours.
        notes: Passed on.
    """
    voxels = pixels.reshape((*pixels.shape[:2], 1, -1)).swapaxes(0, 1)
    return decoded_stack(path, voxels, colour=colour, notes=notes)


def decoded_stack(
    path: Path,
    voxels: np.ndarray,
    *,
    colour: bool = False,
    notes: tuple[str, ...] = (),
    slice_names: tuple[str, ...] = (),
) -> DecodedFile:
    """Stand slices that lie on each other into space, each as :func:`decoded_slice` does, the first
    lowest.

    Args:
        path: What names the files.
        voxels: (X, Y, Z, channels), X along the columns of a slice and Y along its rows.
        colour: Whether the channels are colours.
        notes: Passed on.
        slice_names: Passed on.
    """
    header = nib.Nifti1Header()
    header.set_data_shape(voxels.shape[:3])
    header.set_data_dtype(np.float32)
    header.set_sform(np.diag([-1.0, -1.0, 1.0, 1.0]), code="scanner")
    header.set_qform(np.diag([-1.0, -1.0, 1.0, 1.0]), code="scanner")
    return DecodedFile(path, header, voxels, colour, notes, slice_names)
