"""From the header of one file of MR images, classic or enhanced, to its slices."""

import math
from pathlib import Path
from typing import Final

from pydicom.dataset import Dataset
from pydicom.tag import Tag

from common.errors import InputError
from inference.dicom.file_headers.acquisition import (
    FACT_KEYWORDS,
    PRIVATE_TAGS,
    classic_b_value,
    facts_of,
    private_number,
)
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.file_headers.frames import Frame, ImageFile, Picture, Traits
from inference.dicom.file_headers.functional_groups import GROUP_KEYWORDS, Groups, frame_groups
from inference.dicom.file_headers.identity import patient_key, study_date
from inference.dicom.file_headers.source import Source
from inference.dicom.file_headers.values import integer, number, pair, sextuple, text, texts, triple
from inference.io.names.wording import cut_off, shown

# An hour of functional imaging has some 50,000 slices.
_MAX_FRAMES: Final = 100_000
_MAX_AXIS: Final = 4096
_PIXEL_DATA = 0x7FE00010
_FLOATING = {0x7FE00008: 32, 0x7FE00009: 64}
_KEYWORDS = (
    *("SpecificCharacterSet", "SOPClassUID", "SOPInstanceUID", "StudyInstanceUID"),
    *("SeriesInstanceUID", "FrameOfReferenceUID", "StudyDate", "SeriesDate", "AcquisitionDate"),
    *("ContentDate", "PatientID", "PatientName", "InstanceNumber"),
    *("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"),
    *("SpacingBetweenSlices", "SliceThickness", "AcquisitionNumber", "TriggerTime"),
    *("TemporalPositionIdentifier", "DiffusionBValue", "DiffusionGradientOrientation", "StackID"),
    *("RescaleSlope", "RescaleIntercept", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel"),
    *("PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit"),
    "PixelRepresentation",
)
_MOSAIC_TAG = 0x0019100A  # Siemens: NumberOfImagesInMosaic
TAGS: Final = (
    *(Tag(k) for k in (*_KEYWORDS, *FACT_KEYWORDS, *GROUP_KEYWORDS)),
    *PRIVATE_TAGS,
    _MOSAIC_TAG,
)


def image_file(path: Path, source: Source, known: dict[str, SeriesFacts]) -> ImageFile:
    """What the header of a file of MR images says.

    Args:
        path: The file.
        source: Its header.
        known: The facts of series by SeriesInstanceUID; those of a new series are added. What
            differs within a series is kept with each slice.

    Raises:
        InputError: where it has no pixels, ends too early, or claims what no scan has.
    """
    dataset = source.dataset
    picture = _picture(path, source)
    series_uid = text(dataset, "SeriesInstanceUID")
    if series_uid not in known:
        known[series_uid] = facts_of(dataset)
    return ImageFile(
        source.sop_class,
        text(dataset, "StudyInstanceUID"),
        study_date(dataset),
        patient_key(dataset),
        series_uid,
        text(dataset, "FrameOfReferenceUID"),
        _is_mosaic(dataset),
        known[series_uid],
        _frames(path, dataset, picture),
    )


def _is_mosaic(dataset: Dataset) -> bool:
    """Whether ImageType says so, or Siemens' own count of the pictures laid out is above 1."""
    if "MOSAIC" in texts(dataset, "ImageType"):
        return True
    siemens = text(dataset, "Manufacturer").upper().startswith("SIEMENS")
    return siemens and (private_number(dataset, _MOSAIC_TAG) or 0) > 1


def _picture(path: Path, source: Source) -> Picture:
    dataset = source.dataset
    floating = _FLOATING.get(source.pixel_tag or 0)
    bits = floating or integer(dataset, "BitsAllocated") or 16
    stored = floating or integer(dataset, "BitsStored") or bits
    high = integer(dataset, "HighBit")
    picture = Picture(
        rows=integer(dataset, "Rows") or 0,
        columns=integer(dataset, "Columns") or 0,
        frames=max(integer(dataset, "NumberOfFrames") or 1, 1),
        samples=integer(dataset, "SamplesPerPixel") or 1,
        bits_allocated=bits,
        bits_stored=stored,
        high_bit=stored - 1 if high is None or floating else high,
        signed=integer(dataset, "PixelRepresentation") == 1,
        floating=floating is not None,
        inverted=text(dataset, "PhotometricInterpretation") == "MONOCHROME1",
        transfer_syntax=source.transfer_syntax,
        offset=source.pixel_offset,
        n_bytes=source.pixel_bytes,
    )
    _check_claims(path, source, picture)
    return picture


def _check_claims(path: Path, source: Source, picture: Picture) -> None:
    """Hold what a header claims against the size of the file and what a scan can have."""
    if source.pixel_tag is None:
        raise InputError(f"{shown(path)} is cut off before its end or holds no picture.")
    if source.pixel_tag != _PIXEL_DATA and not picture.floating:
        raise InputError(f"{shown(path)} holds no picture.")
    if not (0 < picture.rows <= _MAX_AXIS and 0 < picture.columns <= _MAX_AXIS):
        raise InputError(
            f"{shown(path)} claims {picture.columns}×{picture.rows} pixels; a slice has between 1 "
            f"and {_MAX_AXIS} each way."
        )
    if picture.frames > _MAX_FRAMES:
        raise InputError(f"{shown(path)} claims {picture.frames} slices; no scan has as many.")
    if (
        picture.bits_allocated not in (8, 16, 32, 64)
        or picture.bits_allocated < picture.bits_stored
    ):
        raise InputError(
            f"{shown(path)} has {picture.bits_allocated} bits a pixel; a scan has 8, 16 or 32."
        )
    if picture.n_bytes is None:
        return
    needed = math.prod((picture.frames, picture.samples, picture.frame_bytes))
    if source.pixel_offset + max(picture.n_bytes, needed) > source.size + 1:
        raise cut_off(path)


def _frames(path: Path, dataset: Dataset, picture: Picture) -> tuple[Frame, ...]:
    groups = frame_groups(dataset)
    if not groups:
        return tuple(_classic(path, dataset, picture, index) for index in range(picture.frames))
    return tuple(
        _enhanced(path, dataset, picture, groups, index)
        for index in range(min(picture.frames, len(groups)))
    )


def _classic(path: Path, dataset: Dataset, picture: Picture, index: int) -> Frame:
    position = triple(dataset, "ImagePositionPatient")
    return Frame(
        path,
        index,
        text(dataset, "SOPInstanceUID"),
        integer(dataset, "InstanceNumber") or 0,
        position if picture.frames == 1 else None,
        sextuple(dataset, "ImageOrientationPatient"),
        pair(dataset, "PixelSpacing"),
        _classic_traits(dataset),
        _slope(number(dataset, "RescaleSlope")),
        number(dataset, "RescaleIntercept") or 0.0,
        picture,
    )


def _classic_traits(dataset: Dataset) -> Traits:
    return Traits(
        echo_time_ms=number(dataset, "EchoTime"),
        b_value=classic_b_value(dataset),
        image_type=texts(dataset, "ImageType"),
        inversion_time_ms=number(dataset, "InversionTime"),
        temporal=integer(dataset, "TemporalPositionIdentifier"),
        gradient=triple(dataset, "DiffusionGradientOrientation"),
        stack=text(dataset, "StackID"),
        acquisition=integer(dataset, "AcquisitionNumber"),
        trigger_ms=number(dataset, "TriggerTime"),
    )


def _enhanced(path: Path, dataset: Dataset, picture: Picture, groups: Groups, index: int) -> Frame:
    return Frame(
        path,
        index,
        text(dataset, "SOPInstanceUID"),
        index,
        groups.position(index),
        groups.orientation(index),
        groups.spacing(index),
        groups.traits(index),
        _slope(groups.number(index, "RescaleSlope")),
        groups.number(index, "RescaleIntercept") or 0.0,
        picture,
    )


def _slope(slope: float | None) -> float:
    """A slope of 0 would leave nothing of the image."""
    return slope or 1.0
