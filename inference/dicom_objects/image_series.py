"""The series of images that an answer lies on, as every object refers to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pydicom.dataset import Dataset

from inference.dicom.file_headers.frames import Frame
from inference.dicom.file_headers.values import Triple
from inference.dicom.volumes.series import SeriesHeader
from inference.dicom_objects.description.geometry import PlaneGeometry, plane_geometry
from inference.dicom_objects.origin.patient import patient_and_study
from inference.dicom_objects.origin.uids import content_uid


@dataclass(frozen=True)
class Plane:
    """One plane of the grid and the image that shows it.

    Args:
        position: Centre of its first pixel, mm, LPS.
        sop_instance_uid: Of the image; "" where a single slice is missing.
        frame_number: From 1, of an image of several frames; None of a single one.
    """

    position: Triple
    sop_instance_uid: str
    frame_number: int | None = None


# eq=False: a dataset is compared element by element.
@dataclass(frozen=True, eq=False)
class ImageSeries:
    """The images that an answer lies on.

    Args:
        patient: Of :mod:`inference.dicom_objects.origin.patient`.
        sop_class: SOPClassUID of the images.
        series_uid: SeriesInstanceUID.
        frame_of_reference_uid: FrameOfReferenceUID.
        number: SeriesNumber, where there is one.
        geometry: Where the planes lie.
        planes: In the order of the grid's third axis.
    """

    patient: Dataset = field(repr=False)
    sop_class: str
    series_uid: str
    frame_of_reference_uid: str
    number: int | None
    geometry: PlaneGeometry
    planes: tuple[Plane, ...]

    @property
    def study_uid(self) -> str:
        """StudyInstanceUID."""
        return str(self.patient.StudyInstanceUID)

    @property
    def sop_instance_uids(self) -> tuple[str, ...]:
        """Each image once, in order."""
        return tuple(dict.fromkeys(p.sop_instance_uid for p in self.planes if p.sop_instance_uid))

    @property
    def content(self) -> str:
        """What sets it apart from others, as text for UIDs derived from it."""
        return "\n".join(
            (self.series_uid, *(f"{p.sop_instance_uid} {p.frame_number}" for p in self.planes))
        )


def series_of_dicom(header: SeriesHeader) -> ImageSeries:
    """The series that was read from DICOM files.

    Args:
        header: One that can be read as a volume; its files are where they were.

    Raises:
        InputError: where a file is gone, or the slices lie askew.
    """
    frames = [frame for frame in header.slices if frame is not None]
    geometry = plane_geometry(header.readable_grid, name=header.name)
    # As the header has them: the grid's own differ in the last digits.
    _, orientation, pixel_spacing = frames[0].place
    geometry = replace(geometry, orientation=orientation, pixel_spacing=pixel_spacing)
    return ImageSeries(
        patient_and_study(frames[0].path),
        header.sop_class,
        header.series_uid,
        header.frame_of_reference_uid or content_uid("frame of reference of", header.series_uid),
        header.facts.number,
        geometry,
        _planes(header.slices, geometry.positions),
    )


def _planes(slices: Sequence[Frame | None], positions: Sequence[Triple]) -> tuple[Plane, ...]:
    """Each where its own header has it: viewers look for a frame by its place."""
    return tuple(
        Plane(position, "")
        if frame is None
        else Plane(frame.place.position, frame.sop_instance_uid, _frame_number(frame))
        for frame, position in zip(slices, positions, strict=True)
    )


def _frame_number(frame: Frame) -> int | None:
    return frame.index + 1 if frame.picture.frames > 1 else None
