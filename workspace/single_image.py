"""What one model says of every slice by itself, as a job of the server's queue.

The compare page reads a stack as one scan. Here each slice is cropped and normalised alone, as a
lone picture must be, so that what was measured of lone slices holds for it
(:mod:`training.scoring.verdict`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from inference.io.checks import tell_of_skull
from inference.labels import region_mask
from inference.metrics import dice
from inference.preprocess import Prepared, brain_box, from_slices, normalise, to_slices
from inference.sampling import Sampling
from inference.segmentation import Segmentation
from inference.vocabulary import MODALITY_NAMES
from model_zoo.pin import configured_pin
from model_zoo.provenance import EMBEDDED
from model_zoo.registry import ModelContract, registry
from model_zoo.weights_folder import TENSORS
from workspace.hub_secrets import hub_secret
from workspace.jobs import Job, queue
from workspace.models import loaded_model
from workspace.open_case import OpenCase
from workspace.visitors import this_visitor

_WHAT: Final = "slices alone"

Report = Callable[[float], None]


@dataclass(frozen=True)
class Choices:
    """The models for a picture.

    Args:
        usable: Those that can read it, by name.
        refused: For each of the others its title and why not.
    """

    usable: dict[str, ModelContract]
    refused: dict[str, str]


@dataclass(frozen=True)
class Overlap:
    """How a drawing and the truth agree on one slice, or on all.

    Args:
        dice: 1 where both are empty, 0 where one is.
        iou: Intersection over union, with the same conventions.
        missed: Pixels of the truth that are not drawn.
        extra: Pixels drawn that the truth does not have.
    """

    dice: float
    iou: float
    missed: int
    extra: int

    @classmethod
    def of(cls, drawn: np.ndarray, true: np.ndarray) -> "Overlap":
        """Of two bool masks of one shape."""
        union = int(np.count_nonzero(drawn | true))
        shared = int(np.count_nonzero(drawn & true))
        missed, extra = (int(np.count_nonzero(each)) for each in (true & ~drawn, drawn & ~true))
        return cls(dice(drawn, true), shared / union if union else 1.0, missed, extra)


def is_picture(opened: OpenCase) -> bool:
    """Whether the open case came as pictures, which do not say how large a pixel is."""
    return not opened.case.voxel_size_known


def choices(present: tuple[str, ...]) -> Choices:
    """The models of the registry that can read a slice of these modalities."""
    usable, refused = {}, {}
    for name, contract in registry().items():
        reason = _why_not(contract, present)
        if reason:
            refused[contract.title] = reason
        else:
            usable[name] = contract
    return Choices(usable, refused)


def first_choice(opened: OpenCase, usable: dict[str, ModelContract]) -> str:
    """The model to begin with: of a head with its skull one that learned from such, if it sees all
    that it reads; else the first."""
    present = set(opened.case.present)
    fitting = [
        name
        for name, contract in usable.items()
        if contract.with_skull and present.issuperset(contract.modalities)
    ]
    return next(iter(fitting if has_skull(opened) and fitting else usable))


def has_skull(opened: OpenCase) -> bool:
    """Whether the open case looks like a head with its skull."""
    return tell_of_skull(opened.case.notes)


def _why_not(contract: ModelContract, present: tuple[str, ...]) -> str:
    if contract.needs_volume:
        return "needs a whole scan"
    if not set(contract.modalities) & set(present):
        read = ", ".join(MODALITY_NAMES[modality] for modality in contract.modalities)
        return f"reads {read} only, which is not here"
    if not _has_weights(contract.name):
        return "has no weights on this server"
    return ""


def _has_weights(name: str) -> bool:
    if (EMBEDDED / name / TENSORS).is_file():
        return True
    return configured_pin(name, secret=hub_secret(name)) is not None


def shown_to(contract: ModelContract, present: tuple[str, ...]) -> tuple[str, ...]:
    """The modalities of a picture that a model reads."""
    return tuple(modality for modality in present if modality in contract.modalities)


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
    from inference.engine import segment

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
        if not lone.slices.any():  # a few pixels of one value, of which nothing can be said
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


def areas(labels: np.ndarray, region: str) -> np.ndarray:
    """(Z,) pixels of a region in every slice of an (X, Y, Z) label map."""
    return np.count_nonzero(region_mask(labels, region), axis=(0, 1))


def head_pixels(prepared: Prepared, count: int) -> np.ndarray:
    """(Z,) pixels of tissue in each of ``count`` slices of a case."""
    pixels = np.zeros(count, int)
    pixels[prepared.box[2]] = np.count_nonzero(prepared.tissue, axis=(1, 2))
    return pixels


def scored_slices(drawn: np.ndarray, true: np.ndarray) -> dict[int, Overlap]:
    """By index, how (X, Y, Z) bool masks agree on each slice that holds anything of either."""
    held = np.flatnonzero((drawn | true).any(axis=(0, 1)))
    return {int(index): Overlap.of(drawn[..., index], true[..., index]) for index in held}


def best_and_worst(scores: dict[int, Overlap], count: int) -> tuple[list[int], list[int]]:
    """Up to ``count`` slices of the highest Dice and as many of the lowest, none of them twice."""
    ranked = sorted(scores, key=lambda index: (-scores[index].dice, index))
    best = ranked[: min(count, (len(ranked) + 1) // 2)]
    return best, ranked[max(len(best), len(ranked) - count) :][::-1]
