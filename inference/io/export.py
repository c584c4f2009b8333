"""Writing label maps and probabilities onto the grid of the files they came from."""

import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Final

import nibabel as nib
import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from common.colours import LABEL_COLOURS
from common.vocabulary import REGIONS
from inference.case import Case
from inference.io.whole_file import write_whole as write_whole
from inference.network.preprocess import uncrop
from inference.network.segmentation import Segmentation

# 80 bytes at most in a header.
_DESCRIPTION = b"GlioLens labels, not a medical device"
# Where a scanner or a converter may have left a name.
_FREE_TEXT = ("descrip", "aux_file", "intent_name", "db_name", "data_type")
# As the pages and the report have it.
_DISCLAIMER = "Not a medical device. For research and teaching, never for diagnosis."
_PROBABILITY_DESCRIPTION = b"GlioLens probability of %s, not a medical device"

# A probability of 1 in a picture.
CERTAIN: Final = 65535
# Black, then the colours of the labels 1 to 3.
_PALETTE = bytes.fromhex("000000" + "".join(LABEL_COLOURS[label][1:] for label in (1, 2, 3)))


def label_image(case: Case, labels: np.ndarray) -> nib.Nifti1Image:
    """A label map as NIfTI in the geometry of the case's files.

    Args:
        case: The scan; its grid gives shape, affine, qform and sform with their codes, and units.
        labels: (X, Y, Z) uint8 in RAS+ order.
    """
    return _image(case, labels.astype(np.uint8), most=3, description=_DESCRIPTION)


def probability_image(case: Case, segmentation: Segmentation, region: str) -> nib.Nifti1Image:
    """A model's probability of one region, 0 to 1, as float32 NIfTI in the same geometry.

    One file a region: a viewer lays it over the scan, where one of three volumes would look like
    a series over time. Above 0.5, and inside the regions around it, stands the label map.

    Args:
        case: The scan.
        segmentation: The prediction of a model, or the consensus.
        region: One of ``REGIONS``.
    """
    description = _PROBABILITY_DESCRIPTION % region.upper().encode()
    return _image(case, _probability(case, segmentation, region), most=1, description=description)


def _probability(case: Case, segmentation: Segmentation, region: str) -> np.ndarray:
    """(X, Y, Z) float32."""
    inside = segmentation.probabilities[REGIONS.index(region)].astype(np.float32)
    return uncrop(inside, segmentation.box, case.shape)


def _image(case: Case, voxels: np.ndarray, *, most: float, description: bytes) -> nib.Nifti1Image:
    header = without_free_text(case.grid.header)
    header.set_data_dtype(voxels.dtype)
    header.set_slope_inter(1, 0)
    header["cal_min"], header["cal_max"] = 0, most
    header["descrip"] = description
    image: type[nib.Nifti1Image] = (
        nib.Nifti2Image if isinstance(header, nib.Nifti2Header) else nib.Nifti1Image
    )
    # Without an affine of ours nibabel keeps both of the header's forms as they are.
    return image(case.grid.to_native(voxels), None, header)


def without_free_text(header: nib.Nifti1Header) -> nib.Nifti1Header:
    """A copy of a header with its geometry alone: no words, no extensions, which may name someone.

    Args:
        header: Of NIfTI-1 or NIfTI-2.
    """
    bare = header.copy()
    for field in _FREE_TEXT:
        if field in bare:
            bare[field] = b""
    bare.extensions.clear()
    return bare


def write_labels(case: Case, labels: np.ndarray, file: Path) -> None:
    """Write an (X, Y, Z) label map as ``.nii.gz``; the file appears whole or not at all."""
    image = label_image(case, labels)
    write_whole(file, lambda unfinished: nib.save(image, unfinished))


def write_probability(case: Case, segmentation: Segmentation, region: str, file: Path) -> None:
    """Write one region's probability as ``.nii.gz``; the file appears whole or not at all."""
    image = probability_image(case, segmentation, region)
    write_whole(file, lambda unfinished: nib.save(image, unfinished))


def write_label_picture(case: Case, labels: np.ndarray, file: Path) -> None:
    """Write the (X, Y, 1) label map of a picture as a PNG, of its size and turned as it is.

    The pixels are the labels 0 to 3; a palette gives them their colours.
    """
    image = _label_picture(_slice(case, labels, 0))
    write_whole(file, lambda unfinished: _save_picture(image, unfinished))


def write_probability_picture(
    case: Case, segmentation: Segmentation, region: str, file: Path
) -> None:
    """Write one region's probability as a grey PNG of 16 bits that lies on the picture.

    0 is impossible and 65535 certain.
    """
    image = _probability_picture(_slice(case, _probability(case, segmentation, region), 0))
    write_whole(file, lambda unfinished: _save_picture(image, unfinished))


def write_label_pictures(case: Case, labels: np.ndarray, folder: Path) -> None:
    """Write the (X, Y, Z) label map of slices that came as pictures: a PNG of the same name each.

    So each lies beside its slice in the order of a data set of slices, and a program that reads
    those reads these; a TIFF of many pages few of them open.
    """
    for name, image in _pictures(case, labels, _label_picture):
        write_whole(folder / name, partial(_save_picture, image))


def write_zipped_label_pictures(case: Case, labels: np.ndarray, file: Path) -> None:
    """Write the pictures of :func:`write_label_pictures` as one zip, to be downloaded in one."""
    _write_zipped(_pictures(case, labels, _label_picture), file)


def write_zipped_probability_pictures(
    case: Case, segmentation: Segmentation, region: str, file: Path
) -> None:
    """Write one region's probability of slices that came as pictures, likewise."""
    whole = _probability(case, segmentation, region)
    _write_zipped(_pictures(case, whole, _probability_picture), file)


def _write_zipped(pictures: Iterator[tuple[str, Image.Image]], file: Path) -> None:
    def write(unfinished: Path) -> None:
        with zipfile.ZipFile(unfinished, "w") as packed:
            for name, image in pictures:
                with packed.open(name, "w") as stream:
                    _save_picture(image, stream)

    write_whole(file, write)


def _pictures(
    case: Case, voxels: np.ndarray, draw: Callable[[np.ndarray], Image.Image]
) -> Iterator[tuple[str, Image.Image]]:
    for number, name in enumerate(case.slice_names):
        yield f"{name}.png", draw(_slice(case, voxels, number))


def _slice(case: Case, voxels: np.ndarray, number: int) -> np.ndarray:
    """(H, W) of one slice, as its picture stands."""
    return np.ascontiguousarray(case.grid.to_native(voxels)[..., number].T)


def _label_picture(flat: np.ndarray) -> Image.Image:
    image = Image.fromarray(flat)
    image.putpalette(_PALETTE)
    return image


def _probability_picture(flat: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(flat * CERTAIN).astype(np.uint16))


def _save_picture(image: Image.Image, file: Path | IO[bytes]) -> None:
    """As PNG, with a word on what it is not; its pixels have no room for one."""
    comment = PngInfo()
    comment.add_text("Comment", _DISCLAIMER)
    image.save(file, format="PNG", pnginfo=comment)
