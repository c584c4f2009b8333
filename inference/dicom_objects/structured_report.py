"""The measurements of one model as a structured report (SR) by TID 1500, Measurement Report.

Each region refers to its segment, so that a viewer opens the number on the picture. A region of
which nothing was drawn has no segment, and its volume of 0 stands in a group of its own.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final, TypeAlias

import highdicom as hd
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from inference.dicom_objects.description.structures import (
    ABNORMAL,
    BRAIN,
    Structure,
    regions_of,
)
from inference.dicom_objects.figures import Figures
from inference.dicom_objects.image_series import ImageSeries
from inference.dicom_objects.origin.made import maker, series_description, series_number
from inference.dicom_objects.origin.uids import content_uid
from inference.dicom_objects.result import DISCLAIMER, MAKER, Result
from inference.dicom_objects.stand_ins import as_evidence

_COUNT: Final = Code("C25463", "NCIt", "Count")
_MILLILITRE: Final = Code("ml", "UCUM", "ml")
_KIND: Final = "measurements"

_Group: TypeAlias = (
    hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations
    | hd.sr.MeasurementsAndQualitativeEvaluations
)


def structured_report(
    result: Result,
    figures: Mapping[str, Figures],
    series: ImageSeries,
    regions: hd.seg.Segmentation | None,
    *,
    made: datetime,
) -> hd.sr.Comprehensive3DSR:
    """The report of one model.

    Args:
        result: What it predicted.
        figures: Of each region that it answers.
        series: The images.
        regions: The segmentation of the regions; None where nothing was drawn.
        made: When.
    """
    segments = (
        {} if regions is None else {each.SegmentLabel: each for each in regions.SegmentSequence}
    )
    groups = [
        _group(each, figures[each.key], result, series, regions, segments.get(each.name))
        for each in regions_of(result.regions)
    ]
    made_of = (_KIND, series.content, result.content)
    evidence = [] if regions is None else [regions]
    return hd.sr.Comprehensive3DSR(
        evidence=[*as_evidence(series), *evidence],
        content=_content(groups),
        series_instance_uid=content_uid("series", *made_of),
        series_number=series_number(result, _KIND),
        sop_instance_uid=content_uid("object", *made_of),
        instance_number=1,
        is_complete=True,
        series_description=series_description(result, _KIND),
        content_date=made.date(),
        content_time=made.time(),
        **maker(),
    )


def _content(groups: list[_Group]) -> hd.sr.MeasurementReport:
    device = hd.sr.ObserverContext(
        observer_type=codes.DCM.Device,
        observer_identifying_attributes=hd.sr.DeviceObserverIdentifyingAttributes(
            uid=content_uid(MAKER),
            name=f"{MAKER}. {DISCLAIMER}",
            manufacturer_name=MAKER,
            model_name=MAKER,
        ),
    )
    return hd.sr.MeasurementReport(
        observation_context=hd.sr.ObservationContext(observer_device_context=device),
        procedure_reported=codes.LN.BrainMRI,
        imaging_measurements=groups,
        title=codes.DCM.ImagingMeasurementReport,
    )


def _group(
    structure: Structure,
    figures: Figures,
    result: Result,
    series: ImageSeries,
    regions: hd.seg.Segmentation | None,
    segment: Dataset | None,
) -> _Group:
    about: dict[str, Any] = {
        "finding_category": ABNORMAL,
        "finding_type": structure.kind,
        "finding_sites": [hd.sr.FindingSite(BRAIN)],
        "algorithm_id": _algorithm(result),
        "measurements": list(_measurements(figures)),
    }
    if regions is None or segment is None:
        tracking = hd.sr.TrackingIdentifier(
            content_uid("nothing of", structure.key, series.content, result.content),
            f"{structure.name}, {result.title}",
        )
        return hd.sr.MeasurementsAndQualitativeEvaluations(tracking, **about)
    return hd.sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(segment.TrackingUID, segment.TrackingID),
        referenced_segment=hd.sr.ReferencedSegment(
            regions.SOPClassUID,
            regions.SOPInstanceUID,
            segment.SegmentNumber,
            source_series=hd.sr.SourceSeriesForSegmentation(series.series_uid),
        ),
        **about,
    )


def _algorithm(result: Result) -> hd.sr.AlgorithmIdentification:
    return hd.sr.AlgorithmIdentification(
        name=f"{MAKER} {result.title}",
        version=result.version,
        parameters=[f"{key}={value}" for key, value in result.parameters.items()],
    )


def _measurements(figures: Figures) -> Iterator[hd.sr.Measurement]:
    yield hd.sr.Measurement(codes.SCT.Volume, round(figures.volume_ml, 3), _MILLILITRE)
    if figures.diameters:
        longest, across = figures.diameters.longest_mm, figures.diameters.across_mm
        yield hd.sr.Measurement(codes.SCT.LongAxis, round(longest, 1), codes.UCUM.Millimeter)
        yield hd.sr.Measurement(codes.SCT.ShortAxis, round(across, 1), codes.UCUM.Millimeter)
    yield hd.sr.Measurement(_COUNT, figures.lesions, codes.UCUM.NoUnits)
