"""One volume that can be looked at and chosen before its pixels are read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import nibabel as nib
import numpy as np

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.frames import Frame, ImageFile
from inference.dicom.volumes.decoding import raw_bytes, refused_syntax
from inference.dicom.volumes.split import has_place, same_instance, volumes_of
from inference.dicom.volumes.stack import Stack, stacked
from inference.geometry.native_grid import NativeGrid
from inference.io.volumes.claims import MAX_STORED_VOXELS

_MOSAIC: Final = (
    "is a mosaic: many slices are laid out in one picture, as Siemens does for diffusion and "
    "functional imaging; export it as single slices"
)


@dataclass(frozen=True)
class SeriesHeader:
    """A volume of a series, its pixels not read.

    Args:
        facts: How it was acquired; echo time, b-value, shape and spacing are this volume's own.
        slices: In the order of the grid's third axis; None for a single missing one.
        grid: Where its voxels lie, RAS mm; None where the header does not make a volume, which
            is a reason to refuse it.
        series_uid: SeriesInstanceUID.
        sop_class: SOPClassUID.
        frame_of_reference_uid: FrameOfReferenceUID.
        warnings: Sentences on what was made up for.
        refusal: The sentence why it cannot be read as a volume, or None.
        unreadable: Whether not even one slice can be shown.
    """

    facts: SeriesFacts
    slices: tuple[Frame | None, ...]
    grid: NativeGrid | None
    series_uid: str
    sop_class: str
    frame_of_reference_uid: str
    warnings: tuple[str, ...] = ()
    refusal: str | None = None
    unreadable: bool = False

    @property
    def sop_instance_uids(self) -> tuple[str, ...]:
        """SOPInstanceUID of each slice in order; "" for one that is missing."""
        return tuple(frame.sop_instance_uid if frame else "" for frame in self.slices)

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        return series_name(self.facts)

    @property
    def readable_grid(self) -> NativeGrid:
        """Where the voxels lie of one that can be read as a volume.

        Raises:
            InputError: with the refusal.
        """
        if self.grid is None or self.refusal:
            raise InputError(self.refusal)
        return self.grid


def series_name(facts: SeriesFacts) -> str:
    """Its description, else its protocol, else its number."""
    if facts.description or facts.protocol:
        return facts.description or facts.protocol
    return "A series without a name" if facts.number is None else f"Series {facts.number}"


def series_headers(files: Sequence[ImageFile]) -> tuple[SeriesHeader, ...]:
    """The volumes of one SeriesInstanceUID.

    Args:
        files: All of its files, in the order of their names.
    """
    owners = {frame.path: file for file in files for frame in file.frames}
    frames = {same_instance(frame): frame for file in reversed(files) for frame in file.frames}
    twice = sum(len(file.frames) for file in files) - len(frames)
    ordered = sorted(frames.values(), key=lambda frame: (frame.path, frame.index))
    volumes, dropped = volumes_of(ordered, _same_pixels)
    name = series_name(files[0].facts)
    warnings = _on_copies(name, twice + dropped)
    return tuple(_header(owners[volume[0].path], volume, warnings) for volume in volumes)


def _on_copies(name: str, copies: int) -> tuple[str, ...]:
    if not copies:
        return ()
    slices = "slice was" if copies == 1 else "slices were"
    return (f"{name}: {copies} {slices} given twice; one of each is kept.",)


def _same_pixels(one: Frame, other: Frame) -> bool:
    if one.picture.frame_bytes != other.picture.frame_bytes:
        return False
    pixels = [raw_bytes(frame.path, frame.picture, frame.index) for frame in (one, other)]
    same_scale = (one.slope, one.intercept) == (other.slope, other.intercept)
    return same_scale and pixels[0] is not None and pixels[0] == pixels[1]


def _header(file: ImageFile, frames: list[Frame], warnings: tuple[str, ...]) -> SeriesHeader:
    traits = frames[0].traits
    facts = replace(
        file.facts,
        echo_time_ms=traits.echo_time_ms,
        b_value=traits.b_value,
        inversion_time_ms=traits.inversion_time_ms,
        image_type=traits.image_type or file.facts.image_type,
    )
    name = series_name(facts)
    unreadable = _unreadable(frames[0])
    stack = _stack(file, frames)
    grid = _grid(stack, frames[0])
    refusal = unreadable or stack.refusal or _too_large(grid)
    return SeriesHeader(
        _with_extent(facts, frames, grid),
        stack.slices,
        grid,
        file.series_uid,
        file.sop_class,
        file.frame_of_reference_uid,
        (*warnings, *(f"{name}: {warning}." for warning in stack.warnings)),
        f"{name}: {refusal}." if refusal else None,
        unreadable is not None,
    )


def _unreadable(frame: Frame) -> str | None:
    if frame.picture.samples != 1:
        return "is a picture in colour; a scan has one grey value a pixel"
    return refused_syntax(frame.picture.transfer_syntax)


def _stack(file: ImageFile, frames: list[Frame]) -> Stack:
    if file.mosaic:
        return Stack(tuple(frames), None, _MOSAIC)
    if not has_place(frames[0]):
        return Stack(tuple(frames), None, "does not state where its slices lie; export it again")
    return stacked(frames)


def _grid(stack: Stack, frame: Frame) -> NativeGrid | None:
    """A grid as a NIfTI file would have it: qform and sform of code 1 (scanner), mm."""
    if stack.affine is None:
        return None
    shape = (frame.picture.columns, frame.picture.rows, len(stack.slices))
    header = nib.Nifti1Header()
    header.set_data_dtype(np.float32)
    header.set_data_shape(shape)
    header.set_xyzt_units("mm")
    header.set_qform(stack.affine, code=1)
    header.set_sform(stack.affine, code=1)
    return NativeGrid(shape, stack.affine, header)


def _too_large(grid: NativeGrid | None) -> str | None:
    if grid is None or math.prod(grid.shape) <= MAX_STORED_VOXELS:
        return None
    size = "×".join(map(str, grid.shape))
    most = f"{MAX_STORED_VOXELS / 1e6:g} million"
    return f"has {size} voxels, more than the {most} that are allowed; resample it to 1 mm"


def _with_extent(facts: SeriesFacts, frames: list[Frame], grid: NativeGrid | None) -> SeriesFacts:
    if grid is not None:
        return replace(facts, shape=grid.shape, spacing_mm=grid.spacing)
    picture = frames[0].picture
    return replace(facts, shape=(picture.columns, picture.rows, len(frames)))
