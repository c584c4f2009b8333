"""The record of a case that was opened and segmented without the app."""

from collections.abc import Mapping
from datetime import datetime

from common.colours import PANEL_COLOURS
from common.vocabulary import CONSENSUS, TRUTH
from inference.case import Case
from inference.case_report import total_seconds
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation
from inference.preparation.opened_case import OpenedCase
from model_zoo.registry import title_of
from report.differences import Scale, difference_sentences
from report.drawing.images import Images
from report.drawing.native_greys import greys_of, without_air
from report.measures import measure
from report.record import Finding, Record


def record_of_opened(
    opened: OpenedCase,
    segmentations: Mapping[str, Segmentation],
    *,
    onto: str,
    made: datetime,
    read_seconds: float = 0.0,
) -> Record:
    """Gather all that is reported of a case on the grid of one of its sequences.

    Args:
        opened: The case with its images.
        segmentations: By name, the consensus among them, on that grid.
        onto: The modality whose grid it is; of a case that was left as it came it is its own.
        made: When.
        read_seconds: What reading the files took.
    """
    case, images = _images(opened, onto)
    findings = [_finding(name, each, case, read_seconds) for name, each in segmentations.items()]
    if case.truth is not None:
        measured = measure(case.truth, case, against_truth=False)
        truth = Finding(TRUTH, "Truth", PANEL_COLOURS[TRUTH], case.truth, measured)
        findings.insert(0, truth)
    return Record(
        case=case.without_voxels(),
        images=images,
        findings=tuple(findings),
        differences=_differences(segmentations, case, images),
        read_seconds=read_seconds,
        made=made,
    )


def _images(opened: OpenedCase, onto: str) -> tuple[Case, Images]:
    if opened.preparation is None:
        return opened.case, Images(opened.case, prepare(opened.case))
    case = without_air(opened.as_it_came(onto), onto)
    brain = opened.brain_as_it_came(onto)
    assert brain is not None  # what was prepared was masked
    return case, Images(case, greys_of(case, brain))


def _finding(name: str, segmentation: Segmentation, case: Case, read_seconds: float) -> Finding:
    labels = segmentation.labels
    seconds = total_seconds(segmentation, read_seconds)
    measures = measure(labels, case)
    title, colour = title_of(name), PANEL_COLOURS[name]
    return Finding(name, title, colour, labels, measures, segmentation, seconds)


def _differences(
    segmentations: Mapping[str, Segmentation], case: Case, images: Images
) -> dict[str, str]:
    maps = {name: each.labels for name, each in segmentations.items() if name != CONSENSUS}
    scale = Scale(case.voxel_volume_ml, images.middle_x)
    return difference_sentences(maps, {name: title_of(name) for name in maps}, scale)
