"""Where a truth lies whose header does not say so: on the voxels of the image it was drawn on.

Programs save label maps with a header of their own making, ``np.eye(4)`` or ITK's default, or with
the second of the two forms that the image has. Such a header is no statement about a place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import nibabel as nib
import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from inference.io.slices.decoded_file import DecodedFile
from inference.io.volumes.checked_file import CheckedFile
from inference.io.volumes.shrunk_file import ShrunkFile

# Of a form's axes and origin, in mm; forms are float32.
_ROUNDING: Final = 1e-3
_LEAST_INSIDE: Final = 0.9
# In quartile distances: a tumour that is mirrored lies on tissue that is less bright.
_CLEARLY: Final = 0.3
_SAYS_TUMOUR: Final = ("flair", "t2")


def grid_drawn_on(truth: NativeGrid, images: Sequence[NativeGrid]) -> NativeGrid | None:
    """The grid of the image that a truth was drawn on, where its own header does not hold.

    Args:
        truth: The grid that its file states.
        images: Those of the images, the likeliest first.

    Returns:
        None where the truth states where it lies.
    """
    if any(truth.differs_from(image) is None for image in images):
        return None
    alike = [image for image in images if image.shape == truth.shape]
    second = next((image for image in alike if _is_second_form(truth, image)), None)
    if second is not None:
        return second
    return alike[0] if alike and (_is_default(truth) or _is_default(alike[0])) else None


def laid_on(file: CheckedFile, grid: NativeGrid) -> CheckedFile:
    """A checked file of one volume whose voxels are those of another grid."""
    if isinstance(file, DecodedFile):
        return file
    if isinstance(file, ShrunkFile):
        header = _header_on(file.stored.header, grid.of_file)
        return replace(file, stored=replace(file.stored, header=header))
    return replace(file, header=_header_on(file.header, grid))


def _header_on(former: nib.Nifti1Header, grid: NativeGrid) -> nib.Nifti1Header:
    header = former.copy()
    header.set_sform(grid.affine, code="scanner")
    header.set_qform(None, code="unknown")
    header.set_xyzt_units("mm")
    return header


def note_on_place(name: str, image: str) -> str:
    """That a truth was taken voxel by voxel."""
    return (
        f"The header of {name} is not that of the images, but a default or their second one; its "
        f"voxels were taken to be those of {image}. Check the contour."
    )


def check_place(numbers: np.ndarray, volume: np.ndarray, *, name: str) -> None:
    """See that a truth that was taken voxel by voxel fits the head.

    Args:
        numbers: (X, Y, Z), everything but 0 is marked.
        volume: (4, X, Y, Z) float32, background 0.
        name: What to call the truth.

    Raises:
        InputError: where it lies outside the head, or fits it better when mirrored.
    """
    marked = numbers != 0
    head = (volume != 0).any(axis=0)
    if not marked.any() or not head.any():
        return
    inside = np.count_nonzero(head & marked) / np.count_nonzero(marked)
    if inside < _LEAST_INSIDE or _fits_better_mirrored(marked, volume):
        raise InputError(
            f"The truth {name} does not state where it lies, and voxel by voxel it does not fit "
            "the head; save it with the header of the image it was drawn on."
        )


def _is_second_form(truth: NativeGrid, image: NativeGrid) -> bool:
    """Whether one of the forms of the one header is one of the other."""
    return any(
        np.allclose(one, other, atol=_ROUNDING)
        for one in _forms(truth.of_file)
        for other in _forms(image.of_file)
    )


def _forms(grid: NativeGrid) -> Iterator[np.ndarray]:
    header = grid.header
    if header["sform_code"] > 0:
        yield header.get_sform()
    if header["qform_code"] > 0:
        try:
            yield header.get_qform()
        except (nib.spatialimages.HeaderDataError, ValueError):
            return


def _is_default(grid: NativeGrid) -> bool:
    """Axes along those of the scanner from an origin of 0, or no form at all."""
    header, affine = grid.of_file.header, grid.of_file.affine
    if not (header["sform_code"] > 0 or header["qform_code"] > 0):
        return True
    axes, origin = affine[:3, :3], affine[:3, 3]
    straight = np.allclose(axes, np.diag(np.diag(axes)), atol=_ROUNDING)
    return bool(straight and np.allclose(origin, 0, atol=_ROUNDING))


def _fits_better_mirrored(marked: np.ndarray, volume: np.ndarray) -> bool:
    """Whether what is marked is clearly less bright than its mirror images."""
    images = [volume[MODALITIES.index(name)] for name in _SAYS_TUMOUR]
    image = next((each for each in images if each.any()), None)
    if image is None:
        return False
    low, high = np.percentile(image[image != 0], (25, 75))
    here = np.median(image[marked])
    mirrored = [np.median(image[np.flip(marked, axes)]) for axes in ((0,), (1,), (0, 1))]
    return bool(max(mirrored) - here > _CLEARLY * (float(high - low) or 1.0))
