"""An image that has no DICOM files of its own, as a series of MR images.

A segmentation in DICOM lies on images in DICOM. What came as NIfTI, or may not name its patient,
is given such a series: the voxels as they are, in 16 bits, with UIDs derived from them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
from pydicom.dataset import FileDataset
from pydicom.uid import UID, MRImageStorage

from common.vocabulary import MODALITY_NAMES
from inference.dicom_objects.description.geometry import PlaneGeometry, as_planes, plane_geometry
from inference.dicom_objects.image_series import ImageSeries, Plane
from inference.dicom_objects.origin.instance import new_instance, save
from inference.dicom_objects.origin.made import IMAGES_NUMBER
from inference.dicom_objects.origin.patient import pseudonym
from inference.dicom_objects.origin.uids import content_digest, content_uid
from inference.dicom_objects.result import MAKER, RESEARCH_ONLY
from inference.dicom_objects.stand_ins import decimal, decimals
from inference.io.scan_images import ScanImage

_MOST: Final = 2**15 - 1
_PERCENTILES: Final = (0.5, 99.5)


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class DerivedImages:
    """A series that is to be written beside what refers to it.

    Args:
        series: What refers to it refers to this.
        voxels: (planes, rows, columns) int16.
        slope: Of the values: voxel × slope + intercept.
        intercept: Likewise.
        modality: One of ``MODALITIES``.
    """

    series: ImageSeries
    voxels: np.ndarray
    slope: float
    intercept: float
    modality: str


def derived_images(image: ScanImage, *, patient: str | None = None) -> DerivedImages:
    """The series of one image.

    Args:
        image: As it was read, on its own grid.
        patient: What the patient is called in it; derived from the voxels unless given.

    Raises:
        InputError: where its grid has no place in DICOM.
    """
    geometry = plane_geometry(image.grid, name=image.name)
    values = as_planes(image.voxels, image.grid)
    digest = content_digest(image.modality, image.grid.affine, values)
    voxels, slope, intercept = _in_16_bits(values)
    who = pseudonym(patient or f"{MAKER}-{digest[:12]}", content_uid("study", digest))
    series = ImageSeries(
        who,
        MRImageStorage,
        content_uid("images", digest),
        content_uid("frame of reference", digest),
        IMAGES_NUMBER,
        geometry,
        tuple(
            Plane(position, content_uid("object", "images", digest, at))
            for at, position in enumerate(geometry.positions)
        ),
    )
    return DerivedImages(series, voxels, slope, intercept, image.modality)


def write_images(images: DerivedImages, folder: Path, *, made: datetime) -> tuple[Path, ...]:
    """Write a series, a file a plane: ``0001.dcm`` …

    Args:
        images: The series.
        folder: Gets the files.
        made: When.
    """
    written = []
    for at, dataset in enumerate(_datasets(images, made)):
        file = folder / f"{at + 1:04d}.dcm"
        save(dataset, file)
        written.append(file)
    return tuple(written)


def _datasets(images: DerivedImages, made: datetime) -> Iterator[FileDataset]:
    values = images.voxels * np.float32(images.slope) + np.float32(images.intercept)
    low, high = (float(value) for value in np.percentile(values, _PERCENTILES))
    for at, plane in enumerate(images.series.planes):
        found = new_instance(
            images.series, MRImageStorage, modality="MR", made_of=("images",), made=made
        )
        found.SOPInstanceUID = plane.sop_instance_uid
        found.file_meta.MediaStorageSOPInstanceUID = UID(plane.sop_instance_uid)
        found.SeriesInstanceUID = images.series.series_uid
        found.InstanceNumber = at + 1
        _describe(found, images)
        _place(found, plane, images.series.geometry)
        _give_pixels(found, images, at)
        found.WindowCenter, found.WindowWidth = decimal((low + high) / 2), decimal(high - low or 1)
        yield found


def _describe(found: FileDataset, images: DerivedImages) -> None:
    found.SeriesNumber = images.series.number
    name = MODALITY_NAMES[images.modality]
    found.SeriesDescription = f"{MAKER}: {name} as it was given. {RESEARCH_ONLY}"
    found.ImageType = ["DERIVED", "SECONDARY", "OTHER"]
    # How it was acquired is not known, and these must be there (PS3.3, C.8.3.1).
    found.ScanningSequence, found.SequenceVariant = "RM", "NONE"
    found.ScanOptions = found.MRAcquisitionType = ""
    found.RepetitionTime = found.EchoTime = found.EchoTrainLength = None
    found.BodyPartExamined, found.PatientPosition = "BRAIN", ""
    found.FrameOfReferenceUID = images.series.frame_of_reference_uid
    found.PositionReferenceIndicator = ""


def _place(found: FileDataset, plane: Plane, geometry: PlaneGeometry) -> None:
    found.ImagePositionPatient = list(decimals(plane.position))
    found.ImageOrientationPatient = list(decimals(geometry.orientation))
    found.PixelSpacing = list(decimals(geometry.pixel_spacing))
    found.SliceThickness = found.SpacingBetweenSlices = decimal(geometry.slice_spacing)


def _give_pixels(found: FileDataset, images: DerivedImages, at: int) -> None:
    _, found.Rows, found.Columns = images.series.geometry.shape
    found.SamplesPerPixel, found.PhotometricInterpretation = 1, "MONOCHROME2"
    found.BitsAllocated = found.BitsStored = 16
    found.HighBit, found.PixelRepresentation = 15, 1
    if (images.slope, images.intercept) != (1.0, 0.0):
        found.RescaleSlope = decimal(images.slope)
        found.RescaleIntercept = decimal(images.intercept)
        found.RescaleType = "US"
    found.PixelData = images.voxels[at].astype("<i2").tobytes()
    found["PixelData"].VR = "OW"


def _in_16_bits(values: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The values as int16 with slope and intercept; whole numbers that fit stay as they are."""
    low, high = float(values.min()), float(values.max())
    if low >= -_MOST and high <= _MOST and np.array_equal(values, np.rint(values)):
        return values.astype(np.int16), 1.0, 0.0
    slope = float(decimal((high - low or 1.0) / (2 * _MOST)))
    intercept = float(decimal((high + low) / 2))
    return np.rint((values - intercept) / slope).astype(np.int16), slope, intercept
