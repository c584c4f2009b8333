"""What the models looked at in one slice of the open case, as a job of the server's queue."""

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Final

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS
from inference.network.preprocess import to_slices
from model_zoo.registry import ALL_MODELS
from model_zoo.weights.folder import PYTORCH
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.segmentation import Answer
from workspace.jobs.visitors import this_visitor
from workspace.models.loaded_models import loaded_model
from workspace.open_case import OpenCase

_WHAT: Final = "explanation"

# By model and region: (H, W) uint8 as a slice is looked at, None where there is nothing to show.
Heats = dict[tuple[str, str], np.ndarray | None]


def can_explain() -> bool:
    """Whether this server has what explanations need: gradients and attention come of PyTorch."""
    return all(find_spec(package) is not None for package in ("torch", "captum"))


def explained_slices(opened: OpenCase) -> range:
    """The axial slices of the case that the models have read."""
    along = opened.prepared.box[2]
    return range(along.start, along.stop)


def explanation_job(
    opened: OpenCase, answers: Mapping[str, Answer], index: int, *, again: bool = False
) -> Job:
    """The job for all models and regions of one axial slice of the case.

    Whoever chooses another slice no longer waits for the first.

    Args:
        opened: The case.
        answers: Of all models.
        index: One of :func:`explained_slices`.
        again: Whether to try anew what has failed.
    """
    predicted = {name: drawn_masks(opened, answers[name], index) for name in ALL_MODELS}
    key, visitor = (opened.key, _WHAT, index), this_visitor()
    if visitor is not None:
        former = [each for each in queue.asked_by(visitor) if _WHAT in each and each != key]
        queue.cancel(former, who=visitor)
    return queue.submit(
        key,
        lambda report: _look(opened, predicted, index - opened.prepared.box[2].start, report),
        again=again,
        who=visitor,
        aside=True,
    )


def drawn_masks(opened: OpenCase, answer: Answer, index: int) -> dict[str, np.ndarray]:
    """By region, the (H, W) bool mask that a model drew in a slice, inside the box of the case."""
    across, up, _ = opened.prepared.box
    labels = answer.segmentation.labels[None, across, up, index : index + 1]
    flat = to_slices(labels)[0, 0]
    return {region: region_mask(flat, region) for region in REGIONS}


def _look(
    opened: OpenCase,
    predicted: Mapping[str, Mapping[str, np.ndarray]],
    index: int,
    report: Callable[[float], None],
) -> Heats:
    from inference.analysis.explanation import explain

    heats: Heats = {}
    for name, masks in predicted.items():
        model, _ = loaded_model(name, precision=PYTORCH)
        for number, region in enumerate(REGIONS):
            slices, sampling = opened.prepared.slices, opened.prepared.sampling
            mask = masks[region]
            heat = explain(model, name, slices, index, number, mask, sampling=sampling)
            heats[name, region] = None if heat is None else np.rint(255 * heat).astype(np.uint8)
            report(len(heats) / (len(predicted) * len(REGIONS)))
    return heats
