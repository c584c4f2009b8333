"""A label map as a DICOM segmentation (SEG, PS3.3 A.51).

BINARY and a frame for every image: the label maps of newer editions are unknown to most viewers,
and where frames are left out some viewers shift the overlay (OHIF#2833). A frame without an image,
of a slice that the series lacks, is one that they cannot open (@cornerstonejs/adapters asks each
for its image). A structure of which nothing was drawn is left out, since some wait for it for ever
(OHIF#3991).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import highdicom as hd
import numpy as np
from pydicom.sr.codedict import codes
from pydicom.uid import ExplicitVRLittleEndian

from inference.dicom_objects.description.colour_space import lab_of
from inference.dicom_objects.description.structures import ABNORMAL, BRAIN, Structure
from inference.dicom_objects.image_series import ImageSeries
from inference.dicom_objects.origin.made import maker, series_description, series_number
from inference.dicom_objects.origin.uids import content_uid
from inference.dicom_objects.result import DISCLAIMER, MAKER, RESEARCH_ONLY, Result
from inference.dicom_objects.stand_ins import settle_references, stand_ins
from inference.geometry.boxes import box_of

_LABEL: Final = "GLIOLENS"


def segmentation_object(
    result: Result,
    series: ImageSeries,
    structures: Sequence[Structure],
    *,
    kind: str,
    made: datetime,
) -> hd.seg.Segmentation | None:
    """The segmentation of one model on a series.

    Args:
        result: What it predicted, on the planes of the series.
        series: The images.
        structures: What is to be in it, one segment each.
        kind: ``"parts"`` or ``"regions"``: what the structures are.
        made: When.

    Returns:
        None where nothing was drawn of any structure: there is no segmentation without a segment.
    """
    there = [bool(plane.sop_instance_uid) for plane in series.planes]
    labels = result.labels if all(there) else result.labels[there]
    drawn = [each for each in structures if each.mask(labels).any()]
    if not drawn:
        return None
    made_of = (kind, series.content, result.content)
    segmentation = hd.seg.Segmentation(
        stand_ins(series),
        _numbered(labels, drawn),
        hd.seg.SegmentationTypeValues.BINARY,
        [_segment(number, each, result, made_of) for number, each in enumerate(drawn, 1)],
        series_instance_uid=content_uid("series", *made_of),
        series_number=series_number(result, kind),
        sop_instance_uid=content_uid("object", *made_of),
        instance_number=1,
        transfer_syntax_uid=ExplicitVRLittleEndian,
        omit_empty_frames=False,
        content_label=_LABEL,
        content_description=f"{RESEARCH_ONLY}. Not a medical device.",
        content_creator_name=f"{MAKER}^",
        series_description=series_description(result, kind),
        content_date=made.date(),
        content_time=made.time(),
        **maker(),
    )
    settle_references(segmentation, series)
    _settle_uids(segmentation, content_uid("dimensions", *made_of))
    return segmentation


def _numbered(labels: np.ndarray, structures: Sequence[Structure]) -> np.ndarray:
    """(planes, rows, columns) uint8: the number of the structure that is there, from 1.

    Of structures that lie in each other, masks along a last axis: they take many times the memory.
    """
    box = box_of(labels)
    assert box is not None  # something was drawn
    numbers = np.zeros(labels.shape, np.uint8)
    for number, each in enumerate(structures, 1):
        mask = each.mask(labels[box])
        if numbers[box][mask].any():
            masks = np.stack([each.mask(labels) for each in structures], axis=-1)
            return masks.view(np.uint8)
        numbers[box][mask] = number
    return numbers


def algorithm(result: Result) -> hd.AlgorithmIdentificationSequence:
    """What drew it: its name, its version, the checksums of its weights."""
    return hd.AlgorithmIdentificationSequence(
        name=f"{MAKER} {result.title}",
        family=codes.DCM.ArtificialIntelligence,
        version=result.version,
        source=MAKER,
        parameters=result.parameters,
    )


def _segment(
    number: int, structure: Structure, result: Result, made_of: tuple[str, ...]
) -> hd.seg.SegmentDescription:
    segment = hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=structure.name,
        segmented_property_category=ABNORMAL,
        segmented_property_type=structure.kind,
        algorithm_type=hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC,
        algorithm_identification=algorithm(result),
        anatomic_regions=[BRAIN],
        tracking_id=f"{structure.name}, {result.title}",
        tracking_uid=content_uid("tracking", *made_of, structure.key),
        display_color=lab_of(structure.colour),
    )
    segment.SegmentDescription = f"{structure.name}. {DISCLAIMER}"
    return segment


def _settle_uids(segmentation: hd.seg.Segmentation, uid: str) -> None:
    """In the place of one drawn by lot, so that the same input gives the same object."""
    for item in (*segmentation.DimensionOrganizationSequence, *segmentation.DimensionIndexSequence):
        item.DimensionOrganizationUID = uid
