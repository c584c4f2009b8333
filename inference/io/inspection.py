"""What a file holds, found out before anything runs, so that its user can correct it."""

from dataclasses import dataclass, replace

import numpy as np

from common.errors import InputError
from inference.geometry.native_grid import NativeGrid
from inference.io.brightness import settle_brightness
from inference.io.image_warnings import concerns
from inference.io.names.file_names import recognise
from inference.io.names.wording import shown
from inference.io.slices.decoded_file import DecodedFile
from inference.io.slices.numbered_slices import Series, Source
from inference.io.truths.label_conventions import is_label_map
from inference.io.truths.truth_numbers import (
    distinct,
    no_label_map,
    unstretched,
    upright,
    whole_numbers,
)
from inference.io.volumes.checked_file import CheckedFile, check_file, usual_channels
from inference.io.volumes.claims import MAX_VOXELS
from inference.io.volumes.nifti_blocks import few_values
from inference.io.volumes.shrunk_file import ShrunkFile, picking
from inference.io.volumes.voxels import native_grid, read_into
from inference.network.preprocess import to_slices

_COLOURS = ("red", "green", "blue")
_SAMPLE = 20_000


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class FoundImage:
    """One image in a file.

    Args:
        file_name: The file's name, as it may be shown.
        part: Which of the file's images, such as ``"volume 2"`` or ``"red"``; empty if it is alone.
        volume: The number of that image in the file.
        guess: A modality or ``"truth"`` by the file's name or by convention; None if neither.
        grid: Where its voxels lie.
        size_known: Whether the file gives the size of a voxel.
        preview: (H, W) float32, the middle slice as it is looked at.
        concerns: What :func:`inference.io.image_warnings.concerns` found.
        label_values: The distinct values where they could be those of a truth, else empty.
        no_labels: Why they could not, in a sentence.
        notes: Sentences on how the file was read.
    """

    file_name: str
    part: str
    volume: int
    guess: str | None
    grid: NativeGrid
    size_known: bool
    preview: np.ndarray
    concerns: frozenset[str] = frozenset()
    label_values: tuple[int, ...] = ()
    no_labels: str = ""
    notes: tuple[str, ...] = ()


def inspect_file(source: Source, *, max_voxels: int = MAX_VOXELS) -> list[FoundImage]:
    """Look at every image in a file, or in the pictures of slices.

    Args:
        source: The file.
        max_voxels: Most voxels of one volume.

    Raises:
        InputError: where the file is refused.
    """
    file = check_file(source, max_voxels=max_voxels)
    if isinstance(file, ShrunkFile) and few_values(file.stored):
        file = picking(file)
    grid = native_grid(file)
    images = {n: np.zeros(grid.ras_shape, np.float32) for n in range(file.volumes)}
    read_into(file, images, grid)
    kind = _kind(source)
    alone = kind if file.volumes == 1 else None
    found = [_found(file, grid, number, image, alone) for number, image in images.items()]
    # A mask drawn in red is one image by its name and three by its pixels: its user knows.
    in_doubt = kind is not None and isinstance(file, DecodedFile) and file.colour
    return [replace(image, guess=None) for image in found] if in_doubt else found


def _kind(source: Source) -> str | None:
    """What the names reveal of a single image."""
    return source.kind or source.hint if isinstance(source, Series) else recognise(source.name)


def _found(
    file: CheckedFile, grid: NativeGrid, number: int, image: np.ndarray, kind: str | None
) -> FoundImage:
    np.nan_to_num(image, copy=False)
    size_known = not isinstance(file, DecodedFile)
    notes = list(getattr(file, "notes", ())) if number == 0 else []
    values, no_labels = _label_values(image, file)
    if not values and image.min() < image.max():
        part = _part(file, number)
        name = f"{shown(file.path)} ({part})" if part else shown(file.path)
        notes += settle_brightness(image, name=name)
    return FoundImage(
        file_name=shown(file.path),
        part=_part(file, number),
        volume=number,
        guess=kind or _usual(file, number),
        grid=grid,
        size_known=size_known,
        preview=_preview(image, most_labels=bool(values)),
        concerns=frozenset(_concerns(image, grid, size_known, labels=bool(values))),
        label_values=values,
        no_labels=no_labels,
        notes=tuple(notes),
    )


def _concerns(image: np.ndarray, grid: NativeGrid, size_known: bool, *, labels: bool) -> set[str]:
    if image.min() == image.max():
        return {"constant"}
    return set() if labels else concerns(image, grid.ras_spacing if size_known else None)


def _part(file: CheckedFile, number: int) -> str:
    if file.volumes == 1:
        return ""
    if isinstance(file, DecodedFile):
        return _COLOURS[number] if file.colour else f"channel {number + 1}"
    return f"volume {number + 1}"


def _usual(file: CheckedFile, number: int) -> str | None:
    """By the usual order, for one of several images; else nothing."""
    channels = usual_channels(file)
    return channels[number] if len(channels) == file.volumes else None


def _label_values(image: np.ndarray, file: CheckedFile) -> tuple[tuple[int, ...], str]:
    """The distinct values of what could be a truth, or a sentence on why it could be none.

    They are whole numbers up to 4, or 0 and 255, once scaling and stretching are undone.
    """
    slope, _ = file.header.get_slope_inter()
    try:
        # Most images are told by a few of their voxels.
        whole_numbers(image.ravel()[:: max(1, image.size // _SAMPLE)], slope=slope, path=file.path)
        numbers = whole_numbers(image, slope=slope, path=file.path)
        numbers, _ = upright(numbers, source=shown(file.path))
        numbers, _ = unstretched(numbers, source=shown(file.path))
    except InputError as error:
        return (), str(error)
    values = distinct(numbers)
    if is_label_map(values):
        return tuple(map(int, values)), ""
    return (), str(no_label_map(map(int, values), name=file.path.name))


def _preview(image: np.ndarray, *, most_labels: bool) -> np.ndarray:
    """The middle slice of what is not background; of a label map the fullest slice."""
    filled = np.count_nonzero(image, axis=(0, 1))
    occupied = np.flatnonzero(filled)
    if not occupied.size:
        middle = image.shape[2] // 2
    else:
        middle = int(filled.argmax()) if most_labels else int(occupied[occupied.size // 2])
    return to_slices(image[None, ..., middle : middle + 1])[0, 0]


def grids_that_differ(images: list[FoundImage], reference: FoundImage) -> list[tuple[str, str]]:
    """The names of the files on another grid than the reference, each with the difference.

    Raises:
        InputError: where pictures and volumes stand together, or pictures of two sizes.
    """
    other = next((image for image in images if image.size_known != reference.size_known), None)
    if other:
        volume, picture = sorted((other, reference), key=lambda image: not image.size_known)
        raise InputError(
            f"{picture.file_name} is a picture and {volume.file_name} a volume, which do not go "
            "together; use files of one kind."
        )
    found = [
        (image, difference)
        for image in images
        if (difference := image.grid.differs_from(reference.grid))
    ]
    if found and not reference.size_known:
        odd, _ = found[0]
        raise InputError(
            f"{odd.file_name} is {_pixels(odd)} and {reference.file_name} {_pixels(reference)}; "
            "export all pictures at one size, and as many slices of each."
        )
    return list({image.file_name: difference for image, difference in found}.items())


def _pixels(image: FoundImage) -> str:
    across, up, slices = image.grid.ras_shape
    return f"{across}×{up} pixels" + (f" in {slices} slices" if slices > 1 else "")
