"""The open case and its answers as the record that tables, pictures and the PDF are made from."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np

from common.colours import PANEL_COLOURS
from common.vocabulary import TRUTH
from inference.case import Case
from report.agreement import Agreed
from report.drawing.images import Greys, Images
from report.measures import Measures, measure
from report.record import Finding, Record
from workspace.case_results.model_differences import differences_of
from workspace.jobs.result_cache import ResultCache
from workspace.jobs.segmentation import PANEL_NAMES, Answer
from workspace.jobs.uncertainty import standing_job
from workspace.open_case import OpenCase, keep_of_case, made_of_case
from workspace.own_frames import own_greys

_IMAGES: Final = "images_of"
# Figures only: the label maps are not kept here.
_figures: Final = ResultCache(64)


def record_of(opened: OpenCase, answers: Mapping[str, Answer]) -> Record:
    """Measure what there is of a case; measured once for all visitors of the same content."""
    findings = [_of_answer(opened, name, answers[name]) for name in PANEL_NAMES if name in answers]
    if opened.case.truth is not None:
        findings.insert(0, _of_truth(opened))
    return Record(
        case=opened.case,
        images=images_of(opened),
        findings=tuple(findings),
        differences=differences_of(opened, answers),
        read_seconds=opened.read_seconds,
        made=datetime.now().astimezone(),
        synthetic=opened.synthetic,
        agreed=_agreed(opened),
    )


def _agreed(opened: OpenCase) -> Agreed | None:
    """What the uncertainty page has found of the case; it is not begun for this."""
    job = standing_job(opened)
    if job is None or job.status != "done":
        return None
    found = job.result
    return Agreed(tuple(found.sentences), found.readings, found.agreement)


def images_of(opened: OpenCase) -> Images:
    """The greys of the open case, kept while it stays open."""
    kept = made_of_case(_IMAGES)
    if kept is None or kept[0] != opened.key:
        kept = (opened.key, Images(opened.case, _greys_of(opened)))
        keep_of_case(_IMAGES, kept)
    return kept[1]


def _greys_of(opened: OpenCase) -> Greys:
    """What the models read; a case on its own frames is read off its sequences once more."""
    return opened.prepared if opened.frames is None else own_greys(opened)


def _of_answer(opened: OpenCase, name: str, answer: Answer) -> Finding:
    labels = answer.segmentation.labels
    return Finding(
        name=name,
        title=PANEL_NAMES[name],
        colour=PANEL_COLOURS[name],
        labels=labels,
        measures=_measured(opened.key, name, labels, opened.case),
        segmentation=answer.segmentation,
        seconds=answer.seconds,
    )


def _of_truth(opened: OpenCase) -> Finding:
    truth = opened.case.truth
    return Finding(
        name=TRUTH,
        title=PANEL_NAMES[TRUTH],
        colour=PANEL_COLOURS[TRUTH],
        labels=truth,
        measures=_measured(opened.key, TRUTH, truth, opened.case),
    )


def _measured(key: str, name: str, labels: np.ndarray, case: Case) -> Measures:
    return _figures.get((key, name), lambda: measure(labels, case, against_truth=name != TRUTH))
