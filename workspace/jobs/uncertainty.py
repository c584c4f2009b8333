"""How sure the models are of the open case, as a job of the server's queue.

What is remembered is what the browser gets, deflated, and a few figures: some hundred kilobytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGION_NAMES, REGIONS
from inference.analysis.uncertainty import Agreement, Maps, Tally, disputed, mirrored_by
from inference.network.segmentation import Segmentation
from model_zoo.registry import ALL_MODELS
from report.agreement import Readings, agreement_sentences, place_of, size_range
from report.differences import Scale
from viewer import probability_payload
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.segmentation import PANEL_NAMES, Answer
from workspace.jobs.visitors import this_visitor
from workspace.models.networks import networks
from workspace.open_case import OpenCase

_WHAT: Final = "uncertainty"
# Of the job's time; the rest is for what is made of the readings.
_READING_SHARE: Final = 0.9

Row = dict[str, str]
Report = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Certainty:
    """Mean and uncertainty of several readings of a case.

    Args:
        readings: Their titles, by the names in ``agreement``.
        agreement: By region.
        sentences: The same in words.
        maps: Mean probability, uncertainty and disagreement, packed for the browser.
        start: The axial slice with the most uncertainty.
    """

    readings: dict[str, str]
    agreement: dict[str, Agreement]
    sentences: list[str]
    maps: dict[str, bytes]
    start: int


def standing_job(opened: OpenCase) -> Job | None:
    """The job of this case if anyone has asked for it, without asking for it."""
    return queue.find((opened.networks_key, _WHAT))


def certainty_job(opened: OpenCase, answers: Mapping[str, Answer], *, again: bool = False) -> Job:
    """The job that reads the mirror image with every model; the scan itself they have read.

    Args:
        opened: The case.
        answers: Of all models.
        again: Whether to try anew what has failed.
    """
    found = {name: answers[name].segmentation for name in ALL_MODELS}
    return queue.submit(
        (opened.key, _WHAT),
        lambda report: _measure(opened, found, report),
        again=again,
        who=this_visitor(),
        aside=True,
        by_networks=True,
    )


def likely_seconds(answers: Mapping[str, Answer]) -> float:
    """What the job will take: as long as the models' first reading of this case took."""
    parts = ("predict", "postprocess")
    found = [answers[name].segmentation.seconds for name in ALL_MODELS]
    return sum(seconds[part] for seconds in found for part in parts)


def _measure(opened: OpenCase, found: Mapping[str, Segmentation], report: Report) -> Certainty:
    tally, models = Tally(), {}
    for done, (name, segmentation) in enumerate(found.items()):
        tally.add(name, segmentation.probabilities)
        progress = partial(_report_progress, report, done, len(found))
        mirrored = networks().ask(name, mirrored_by, opened.prepared, progress)
        mirror_name = f"{name} mirrored"
        tally.add(mirror_name, mirrored)
        models[PANEL_NAMES[name]] = (name, mirror_name)
    agreement, scale = tally.agreement(), _scale(opened)
    places = _places(tally.labels, scale)
    readings = Readings(agreement, models, opened.case.present, places)
    maps = tally.maps()
    return Certainty(
        readings=_titles(models),
        agreement=agreement,
        sentences=agreement_sentences(readings, scale),
        maps=_packed(maps, opened),
        start=_start(maps, opened),
    )


def _report_progress(report: Report, done: int, models: int, share: float) -> None:
    report(_READING_SHARE * (done + share) / models)


def _titles(models: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    titles = {}
    for title, (name, mirror_name) in models.items():
        titles |= {name: title, mirror_name: f"{title}, mirrored"}
    return titles


def _scale(opened: OpenCase) -> Scale:
    """The scale of arrays inside the box of the case."""
    case, across = opened.case, opened.prepared.box[0]
    return Scale(
        voxel_ml=case.voxel_volume_ml if case.voxel_size_known else None,
        middle=(across.stop - across.start - 1) / 2,
        flat=case.shape[2] == 1,
    )


def _places(labels: Mapping[str, np.ndarray], scale: Scale) -> dict[str, str]:
    tumour = np.any([region_mask(each, "wt") for each in labels.values()], axis=0)
    if not tumour.any():
        return dict.fromkeys(REGIONS, "")
    return {region: place_of(disputed(labels, region), tumour, scale) for region in REGIONS}


def _packed(maps: Maps, opened: OpenCase) -> dict[str, bytes]:
    box, shape = opened.prepared.box, opened.case.shape
    shown = {
        "uncertainty": maps.uncertainty,
        "disagreement": maps.disagreement,
        "mean": maps.mean,
    }
    return {name: probability_payload(values, box, shape) for name, values in shown.items()}


def _start(maps: Maps, opened: OpenCase) -> int:
    by_slice = maps.uncertainty.sum(axis=(0, 1, 2))
    return opened.prepared.box[2].start + int(np.argmax(by_slice))


def agreement_rows(opened: OpenCase, certainty: Certainty) -> list[Row]:
    """A row a region: the range of the readings, and how much of it they share."""
    scale = _scale(opened)
    return [
        {
            "Region": REGION_NAMES[region],
            "Least to most": size_range(found.least, found.most, scale),
            "Drawn by all": scale.amount(found.by_all),
            "Drawn by some": scale.amount(found.disputed),
            "Lowest Dice of two": f"{found.least_dice:.2f}",
            "Mean Dice of two": f"{found.mean_dice:.2f}",
        }
        for region, found in certainty.agreement.items()
    ]


def reading_rows(opened: OpenCase, certainty: Certainty) -> list[Row]:
    """A row a reading: what it draws of each region."""
    scale = _scale(opened)
    return [
        {"Reading": title}
        | {
            REGION_NAMES[region]: scale.amount(found.voxels[name])
            for region, found in certainty.agreement.items()
        }
        for name, title in certainty.readings.items()
    ]
