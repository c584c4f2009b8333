"""The prediction of one model for every slice by itself, as a job of the server's queue.

The compare page reads a stack as one scan. Here each slice is cropped and normalised alone, as a
lone picture must be, so that what was measured of lone slices holds for it
(:mod:`training.scoring.verdict`).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from inference.network.preprocess import Prepared, brain_box, from_slices, normalise, to_slices
from inference.network.segmentation import Segmentation
from inference.network.working_scale import Sampling
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.server_queue import queue
from workspace.jobs.visitors import this_visitor
from workspace.models.loaded_models import loaded_model
from workspace.open_case import OpenCase

_WHAT: Final = "slices alone"

Report = Callable[[float], None]


def reading_job(opened: OpenCase, name: str, *, again: bool = False) -> Job:
    """The job of one model for this case; whoever chooses another no longer waits for the first.

    Args:
        opened: A case of pictures.
        name: Of the registry.
        again: Whether to try anew what has failed.
    """
    key, visitor = (opened.key, _WHAT, name), this_visitor()
    if visitor is not None:
        former = [each for each in queue.asked_by(visitor) if _WHAT in each and each != key]
        queue.cancel(former, who=visitor)
    return queue.submit(key, lambda report: _read(opened, name, report), again=again, who=visitor)


def _read(opened: OpenCase, name: str, report: Report) -> Segmentation:
    model, weights = loaded_model(name)
    found = read_alone(opened, model, name, report)
    return replace(found, weights=weights)


def read_alone(opened: OpenCase, model: object, name: str, report: Report) -> Segmentation:
    """Every slice of a case by itself.

    Args:
        opened: The case.
        model: A network that answers logits, in evaluation mode.
        name: What to call the result.
        report: Called with the share of slices done.
    """
    from inference.network.engine import segment

    case, prepared = opened.case, opened.prepared
    if case.shape[2] == 1:
        return segment(case, model, name=name, prepared=prepared, progress=report)
    labels = np.zeros(case.shape, np.uint8)
    probabilities = np.zeros((3, *(side.stop - side.start for side in prepared.box)), np.float16)
    flat = replace(case, volume=case.volume[..., :1], truth=None)
    count = len(prepared.slices)
    found = Segmentation(name, labels, probabilities, prepared.box)
    for index in np.flatnonzero(prepared.slices.any(axis=(1, 2, 3))):
        lone = lone_slice(prepared, index)
        if not lone.slices.any():  # a few pixels of one value, of which nothing can be predicted
            continue
        alone = segment(flat, model, name=name, prepared=lone)
        labels[..., prepared.box[2].start + index] = alone.labels[..., 0]
        probabilities[(slice(None), *_inside(lone, prepared), index)] = alone.probabilities[..., 0]
        found = replace(found, regions=alone.regions, seconds=_sum(found.seconds, alone.seconds))
        report((index + 1) / count)
    return found


def lone_slice(prepared: Prepared, index: int) -> Prepared:
    """One of the slices of a case as if it were the only one: its own crop and normalisation."""
    values = from_slices(normalise(prepared.slices[index])[None])
    inner = brain_box(values)
    across, up = (
        slice(side.start + part.start, side.start + part.stop)
        for side, part in zip(prepared.box[:2], inner[:2], strict=True)
    )
    slices = to_slices(values[(slice(None), *inner)])
    return Prepared(slices, (across, up, slice(0, 1)), 0.0, _sampling(slices, prepared))


def _sampling(lone: np.ndarray, whole: Prepared) -> Sampling:
    """That of one slice, at the scale of the others."""
    if whole.sampling.size is None:
        return whole.sampling
    shapes = zip(lone.shape[2:], whole.slices.shape[2:], whole.sampling.size, strict=True)
    size = tuple(max(1, round(size * work / every)) for size, every, work in shapes)
    return replace(whole.sampling, size=size)


def _inside(lone: Prepared, whole: Prepared) -> tuple[slice, slice]:
    return tuple(
        slice(part.start - side.start, part.stop - side.start)
        for part, side in zip(lone.box[:2], whole.box[:2], strict=True)
    )


def _sum(before: dict[str, float], more: dict[str, float]) -> dict[str, float]:
    return {part: before.get(part, 0.0) + seconds for part, seconds in more.items()}
