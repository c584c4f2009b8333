"""The regions as a structure set for planning systems (RT Structure Set, PS3.3 A.19)."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import RTStructureSetStorage

from inference.dicom_objects.description.codes import code_item
from inference.dicom_objects.description.contours import plane_contours
from inference.dicom_objects.description.structures import Structure, regions_of
from inference.dicom_objects.image_series import ImageSeries, Plane
from inference.dicom_objects.origin.instance import new_instance
from inference.dicom_objects.origin.made import series_description, series_number
from inference.dicom_objects.result import DISCLAIMER, MAKER, RESEARCH_ONLY, Result
from inference.dicom_objects.stand_ins import image_references, reference

_STUDY_CLASS: Final = "1.2.840.10008.3.1.2.3.1"
_GROSS_TUMOUR: Final = "GTV"
_KIND: Final = "contours"


def structure_set(result: Result, series: ImageSeries, *, made: datetime) -> FileDataset | None:
    """The regions that one model predicted, as contours on the planes of a series.

    The regions are nested, so each is a structure that may be planned on by itself; their
    difference gives necrosis and oedema. A hole is a keyhole of its contour.

    Args:
        result: What it predicted, on the planes of the series.
        series: The images.
        made: When.

    Returns:
        None where nothing was drawn.
    """
    drawn = [each for each in regions_of(result.regions) if each.mask(result.labels).any()]
    if not drawn:
        return None
    made_of = (_KIND, series.content, result.content)
    found = new_instance(
        series, RTStructureSetStorage, modality="RTSTRUCT", made_of=made_of, made=made
    )
    found.SeriesNumber = series_number(result, _KIND)
    found.SeriesDescription = series_description(result, _KIND)
    found.OperatorsName = ""
    found.FrameOfReferenceUID = series.frame_of_reference_uid
    found.PositionReferenceIndicator = ""
    found.StructureSetLabel = f"{MAKER} {result.name}"[:16].rstrip("_ ")
    found.StructureSetName = f"{MAKER} {result.title}"
    found.StructureSetDescription = f"{DISCLAIMER} {_origin(result)}"
    found.StructureSetDate, found.StructureSetTime = f"{made:%Y%m%d}", f"{made:%H%M%S}"
    found.ApprovalStatus = "UNAPPROVED"
    found.ReferencedFrameOfReferenceSequence = [_frame_of_reference(series)]
    numbered = list(enumerate(drawn, start=1))
    found.StructureSetROISequence = [_roi(n, each, result, series) for n, each in numbered]
    found.ROIContourSequence = [_drawing(n, each, result, series) for n, each in numbered]
    found.RTROIObservationsSequence = [_observation(n, each, result) for n, each in numbered]
    return found


def _origin(result: Result) -> str:
    parameters = ", ".join(f"{key}={value}" for key, value in result.parameters.items())
    return f"{MAKER} {result.title}, version {result.version}, {parameters}"


def _frame_of_reference(series: ImageSeries) -> Dataset:
    images, study, frame = Dataset(), Dataset(), Dataset()
    images.SeriesInstanceUID = series.series_uid
    images.ContourImageSequence = image_references(series)
    study.ReferencedSOPClassUID = _STUDY_CLASS
    study.ReferencedSOPInstanceUID = series.study_uid
    study.RTReferencedSeriesSequence = [images]
    frame.FrameOfReferenceUID = series.frame_of_reference_uid
    frame.RTReferencedStudySequence = [study]
    return frame


def _roi(number: int, structure: Structure, result: Result, series: ImageSeries) -> Dataset:
    item = Dataset()
    item.ROINumber = number
    item.ReferencedFrameOfReferenceUID = series.frame_of_reference_uid
    item.ROIName = _short_name(structure, result)
    item.ROIDescription = f"{structure.name}. {RESEARCH_ONLY}"
    item.ROIGenerationAlgorithm = "AUTOMATIC"
    item.ROIGenerationDescription = f"{MAKER} {result.title}"[:64]
    return item


def _short_name(structure: Structure, result: Result) -> str:
    """Such as ``TC consensus``: planning systems show 16 characters, and names must differ."""
    return f"{structure.key.upper()} {result.name}"[:16]


def _observation(number: int, structure: Structure, result: Result) -> Dataset:
    item = Dataset()
    item.ObservationNumber = item.ReferencedROINumber = number
    item.ROIObservationLabel = _short_name(structure, result)
    item.RTROIInterpretedType = _GROSS_TUMOUR
    item.ROIInterpreter = ""
    kind = structure.kind
    code = code_item(kind.value, kind.scheme_designator, kind.meaning)
    item.RTROIIdentificationCodeSequence = [code]
    return item


def _drawing(number: int, structure: Structure, result: Result, series: ImageSeries) -> Dataset:
    item = Dataset()
    item.ReferencedROINumber = number
    item.ROIDisplayColor = [int(structure.colour[at : at + 2], 16) for at in (1, 3, 5)]
    item.ContourSequence = list(_contours(structure.mask(result.labels), series))
    return item


def _contours(mask: np.ndarray, series: ImageSeries) -> Iterator[Dataset]:
    number = 0
    for at in np.flatnonzero(mask.any(axis=(1, 2))):
        plane = series.planes[at]
        for outline in plane_contours(mask[at]):
            number += 1
            yield _contour(number, _in_space(outline, plane, series), plane, series.sop_class)


def _contour(number: int, points: np.ndarray, plane: Plane, sop_class: str) -> Dataset:
    item = Dataset()
    item.ContourNumber = number
    item.ContourGeometricType = "CLOSED_PLANAR"
    item.NumberOfContourPoints = len(points)
    item.ContourData = decimals_to_a_micrometre(points.ravel())
    if plane.sop_instance_uid:
        item.ContourImageSequence = [
            reference(sop_class, plane.sop_instance_uid, plane.frame_number)
        ]
    return item


def _in_space(outline: np.ndarray, plane: Plane, series: ImageSeries) -> np.ndarray:
    """(N, 2) row and column in pixels to (N, 3) mm, LPS."""
    directions = np.array(series.geometry.orientation).reshape(2, 3)[::-1]
    steps = directions * np.array(series.geometry.pixel_spacing)[:, None]
    return np.array(plane.position) + outline @ steps


def decimals_to_a_micrometre(values: Sequence[float] | np.ndarray) -> list[str]:
    """Millimetres as DICOM writes decimals: at most 16 characters (PS3.5, 6.2)."""
    return [f"{value:.3f}" for value in np.round(values, 3) + 0.0]
