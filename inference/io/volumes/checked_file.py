"""One way in for every kind of file: checked here, read by ``nifti_blocks``."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.names.companions import data_of_pair
from inference.io.names.file_names import ITK_ENDINGS, MGH_ENDINGS, PAIR_ENDING
from inference.io.names.wording import shown
from inference.io.slices.decoded_file import DecodedFile
from inference.io.slices.numbered_slices import Series, Source
from inference.io.slices.numpy_array import read_array
from inference.io.slices.pictures import has_pages, read_picture
from inference.io.slices.slice_stacks import read_pages, read_stack
from inference.io.volumes.claims import MAX_VOXELS
from inference.io.volumes.itk_file import ItkFile, check_itk
from inference.io.volumes.mgh_file import check_mgh
from inference.io.volumes.nifti_guard import NiftiFile, check_nifti
from inference.io.volumes.shrunk_file import ShrunkFile, held

CheckedFile = NiftiFile | ItkFile | ShrunkFile | DecodedFile
# The public set of lower-grade gliomas: before contrast, FLAIR, after contrast; a copy of FLAIR
# stands for a missing sequence.
COLOUR_CHANNELS: Final = ("t1", "flair", "t1c")
# The Medical Segmentation Decathlon's brain tumours.
DECATHLON_CHANNELS: Final = ("flair", "t1", "t1c", "t2")
_LOWER_GRADE = re.compile(r"TCGA_[A-Z]{2}_[A-Z0-9]{4}_[0-9]{8}_[0-9]+.*\.tif$")
_DECATHLON = re.compile(r"BRATS_[0-9]{3}\.nii(\.gz)?$")
_PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")


def check_file(source: Source, *, max_voxels: int = MAX_VOXELS) -> CheckedFile:
    """Check a file by what its name says it is; a file that is something else is refused.

    Args:
        source: A file, or the pictures of the slices of one image.
        max_voxels: Most voxels of one image that are held: pictures of more are refused, and
            volumes are read on larger voxels.

    Raises:
        InputError: where the file is not usable, in one sentence that names it.
    """
    if isinstance(source, Series):
        return read_stack(source, max_voxels=max_voxels)
    name = source.name.lower()
    if name.endswith(_PICTURES):
        if has_pages(source):
            return read_pages(source, max_voxels=max_voxels)
        return read_picture(source)
    if name.endswith(".npy"):
        return read_array(source)
    return held(_check_volume(source, name), max_voxels)


def _check_volume(source: Path, name: str) -> NiftiFile | ItkFile:
    if name.endswith(ITK_ENDINGS):
        return check_itk(source)
    if name.endswith(MGH_ENDINGS):
        return check_mgh(source)
    data = data_of_pair(source) if name.endswith(PAIR_ENDING) else None
    return check_nifti(source, data=data)


def usual_channels(file: CheckedFile) -> tuple[str, ...]:
    """What the volumes of a file are taken to be where nobody says: shown, never in silence."""
    if isinstance(file, DecodedFile):
        return COLOUR_CHANNELS if file.colour else MODALITIES
    return DECATHLON_CHANNELS if _DECATHLON.match(file.path.name) else MODALITIES


def in_colours(file: CheckedFile, channels: tuple[str | None, ...] | None) -> CheckedFile:
    """A grey picture saved in colour as its three equal colours, where three are expected.

    They are where three are named, and in the public set of lower-grade gliomas.
    """
    if not isinstance(file, DecodedFile) or not file.grey_in_colour:
        return file
    if channels is None and not _LOWER_GRADE.match(file.path.name):
        return file
    if channels is not None and len(channels) != len(COLOUR_CHANNELS):
        return file
    voxels = np.repeat(file.voxels, len(COLOUR_CHANNELS), axis=3)
    return replace(file, voxels=voxels, colour=True)


def checked_channels(
    channels: tuple[str | None, ...] | None, file: CheckedFile
) -> tuple[str | None, ...]:
    """The modality of each volume of a file, None for a volume that is not used.

    Args:
        channels: As the user named them, None where nobody did.
        file: A file with several volumes.

    Raises:
        InputError: where a name is not known, stands twice, or the count differs.
    """
    channels = channels or usual_channels(file)
    named = [name for name in channels if name is not None]
    if len(set(named)) != len(named) or not set(named) <= set(MODALITIES) or not named:
        raise InputError(
            f"{shown(file.path)} cannot be read in the order {', '.join(map(str, channels))}; "
            f"name each of {', '.join(MODALITIES)} at most once."
        )
    if file.volumes != len(channels):
        raise InputError(
            f"{shown(file.path)} holds {_counted(file)} where {_listed(channels)} "
            f"{'is' if len(channels) == 1 else 'are'} expected; state which modalities it holds, "
            "in their order (--channels)."
        )
    return channels


def _counted(file: CheckedFile) -> str:
    return "one image" if file.volumes == 1 else f"{file.volumes} {file.parts}"


def _listed(channels: tuple[str | None, ...]) -> str:
    return ", ".join(MODALITY_NAMES[name] if name else "one not used" for name in channels)
