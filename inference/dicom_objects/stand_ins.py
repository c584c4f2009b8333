"""Images as highdicom wants to see them: one dataset a plane, with no pixels.

The source may be one file of many frames, and may lack elements that the standard requires. So each
plane that has an image is given a plain MR image that stands for it, and what highdicom wrote of
these is set right afterwards.
"""

from collections.abc import Iterator

from pydicom.dataset import Dataset
from pydicom.uid import MRImageStorage
from pydicom.valuerep import DSfloat

from inference.dicom_objects.image_series import ImageSeries, Plane
from inference.dicom_objects.origin.uids import content_uid


def stand_ins(series: ImageSeries) -> list[Dataset]:
    """One image for each plane that has one, in the order of the planes."""
    return [
        _stand_in(series, at) for at, plane in enumerate(series.planes) if plane.sop_instance_uid
    ]


def settle_references(dataset: Dataset, series: ImageSeries) -> None:
    """Refer to the images of a series where the stand-ins are referred to.

    Args:
        dataset: What was written of the stand-ins.
        series: The series that they stand for.
    """
    planes = {_uid(series, at): plane for at, plane in enumerate(series.planes)}
    for group in dataset.PerFrameFunctionalGroupsSequence:
        _settle_frame(group, planes, series.sop_class)
    images = image_references(series)
    dataset.SourceImageSequence = images
    dataset.ReferencedSeriesSequence = [series_reference(series, images)]


def as_evidence(series: ImageSeries) -> list[Dataset]:
    """The images themselves, as a report refers to them: patient, study and UIDs."""
    images = []
    for uid in series.sop_instance_uids:
        image = Dataset()
        image.update(series.patient)
        image.SOPClassUID, image.SOPInstanceUID = series.sop_class, uid
        image.SeriesInstanceUID, image.Modality = series.series_uid, "MR"
        images.append(image)
    return images


def image_references(series: ImageSeries) -> list[Dataset]:
    """One reference an image: its class and its UID."""
    return [reference(series.sop_class, uid) for uid in series.sop_instance_uids]


def series_reference(series: ImageSeries, images: list[Dataset]) -> Dataset:
    """The reference to a series with its images."""
    item = Dataset()
    item.SeriesInstanceUID = series.series_uid
    item.ReferencedInstanceSequence = images
    return item


def reference(sop_class: str, sop_instance_uid: str, frame_number: int | None = None) -> Dataset:
    """The reference to an image, or to one of its frames."""
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = sop_instance_uid
    if frame_number is not None:
        item.ReferencedFrameNumber = frame_number
    return item


def _settle_frame(group: Dataset, planes: dict[str, Plane], sop_class: str) -> None:
    for derivation in group.get("DerivationImageSequence", []):
        for source in derivation.SourceImageSequence:
            plane = planes.get(source.ReferencedSOPInstanceUID)
            if plane is None:  # settled: the segments of a plane share one item
                continue
            source.update(reference(sop_class, plane.sop_instance_uid, plane.frame_number))


def _stand_in(series: ImageSeries, at: int) -> Dataset:
    geometry, plane = series.geometry, series.planes[at]
    image = Dataset()
    image.update(series.patient)
    image.SOPClassUID, image.SOPInstanceUID = MRImageStorage, _uid(series, at)
    image.SeriesInstanceUID, image.Modality = series.series_uid, "MR"
    image.FrameOfReferenceUID = series.frame_of_reference_uid
    _, image.Rows, image.Columns = geometry.shape
    image.ImagePositionPatient = list(decimals(plane.position))
    image.ImageOrientationPatient = list(decimals(geometry.orientation))
    image.PixelSpacing = list(decimals(geometry.pixel_spacing))
    image.SpacingBetweenSlices = image.SliceThickness = decimal(geometry.slice_spacing)
    return image


def decimals(values: tuple[float, ...]) -> Iterator[DSfloat]:
    """Numbers as DICOM writes them, each in 16 characters at most (PS3.5, 6.2)."""
    return (decimal(value) for value in values)


def decimal(value: float) -> DSfloat:
    """One such number."""
    return DSfloat(value, auto_format=True)


def _uid(series: ImageSeries, at: int) -> str:
    return content_uid("stand-in", series.series_uid, at)
