"""One model on one case: slices in, label map and region probabilities out.

The only sigmoid of inference stands here; models answer logits, the loss takes logits.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from common.planes import AXIAL
from common.vocabulary import REGIONS
from inference.case import Case
from inference.network.multi_plane import Progress, predict_volume
from inference.network.pieces import pieces_of
from inference.network.preprocess import Prepared, prepare
from inference.network.segmentation import Segmentation, label_map
from inference.network.shared_work import share_out
from inference.network.slice_adapter import slice_adapter_of
from inference.network.working_scale import AS_LEARNED, Sampling
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.provenance import Provenance

if TYPE_CHECKING:
    from torch import nn

    Network = GraphNetwork | nn.Module

Some = TypeVar("Some", bound="Network")

# Enough slices to keep two cores busy, few enough to keep the activations near 100 MB.
_BATCH = 8


def segment(
    case: Case,
    model: "Network",
    *,
    name: str,
    prepared: Prepared | None = None,
    weights: Provenance | None = None,
    progress: Progress | None = None,
) -> Segmentation:
    """Segment a case with one model.

    Args:
        case: The scan.
        model: A network that answers logits, in evaluation mode.
        name: What to call the result.
        prepared: What :func:`inference.network.preprocess.prepare` gave for this case, if several
            models share it.
        weights: Passed on into the result.
        progress: Called with the share of the work done, from 0 to 1.
    """
    prepared = prepared or prepare(case)
    return segment_prepared(model, weights, prepared, progress, name=name, shape=case.shape)


def segment_prepared(
    model: "Network",
    weights: Provenance | None,
    prepared: Prepared,
    progress: Progress | None,
    *,
    name: str,
    shape: tuple[int, int, int],
) -> Segmentation:
    """As :func:`segment`, for whoever has no more of a case than what the networks read.

    Args:
        model: As there.
        weights: As there.
        prepared: Of the case.
        progress: As there.
        name: As there.
        shape: (X, Y, Z) of the case.
    """
    seconds = {"preprocess": prepared.seconds}
    with _timed(seconds, "predict"):
        probabilities = predict_volume(
            partial(predict, model), prepared, planes=planes_of(model), progress=progress
        )
    with _timed(seconds, "postprocess"):
        regions = slice_adapter_of(model).regions
        labels = label_map(probabilities, prepared.box, shape, regions=regions)
    return Segmentation(name, labels, probabilities, prepared.box, seconds, weights, regions)


def predict(
    model: "Network",
    slices: np.ndarray,
    *,
    sampling: Sampling = AS_LEARNED,
    progress: Progress | None = None,
) -> np.ndarray:
    """(N, 4, H, W) normalised slices to (N, 3, H, W) float16 region probabilities.

    Slices without tissue are not shown to the network, and no probability stands where there is
    none: nothing is there to be found. A region that the network does not answer is 0 everywhere.

    Args:
        model: A network that answers logits.
        slices: Of :func:`inference.network.preprocess.prepare`.
        sampling: What it gave with them.
        progress: Called with the share of slices done.

    Raises:
        ValueError: where no slice holds any tissue.
    """
    reading, size = slice_adapter_of(model, sampling=sampling), slices.shape[2:]
    tissue = np.asarray(slices.any(axis=1, keepdims=True))
    occupied = np.flatnonzero(tissue.any(axis=(1, 2, 3)))
    if not len(occupied):
        raise ValueError("There is no tissue in any slice.")
    cores = cores_of(model)
    pieces = pieces_of(reading, slices, occupied, batch=_BATCH, most=-(-_BATCH // cores))
    probabilities = np.zeros((len(slices), len(REGIONS), *size), np.float16)

    def answer(number: int) -> None:
        chosen, window = pieces[number]
        shown = reading.shown(slices, chosen)
        inside = sigmoid(logits_of(model, shown[..., *window], cores=1 if cores > 1 else None))
        answered = np.zeros((*inside.shape[:2], *shown.shape[2:]), np.float32)
        answered[..., *window] = inside
        # A network draws over the edge of the brain; background is 0 in every modality.
        probabilities[chosen] = reading.answers(answered, size) * tissue[chosen]

    share_out(
        [piece.size for piece in pieces],
        answer,
        workers=min(cores, len(pieces)),
        on_done=lambda done: progress(done / len(pieces)) if progress else None,
    )
    return probabilities


def logits_of(model: "Network", images: np.ndarray, *, cores: int | None = None) -> np.ndarray:
    """(N, C, …) normalised images to (N, R, …) float32 logits, by whatever runs this network.

    Args:
        model: The network.
        images: What it is shown.
        cores: Among how many a :class:`GraphNetwork` shares them out; None for all.
    """
    if isinstance(model, GraphNetwork):
        return model(images, cores=cores)
    from inference.network.pytorch import logits_by_pytorch  # here: it brings torch

    return logits_by_pytorch(model, images)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """The probability that a logit stands for."""
    with np.errstate(over="ignore"):  # the exponential of a large one is infinite, 1 over it is 0
        return 1 / (1 + np.exp(-logits))


def cores_of(model: "Network") -> int:
    """How many may ask a network at the same time: PyTorch shares out what one asks."""
    return model.cores if isinstance(model, GraphNetwork) else 1


def arithmetic_of(model: "Network") -> str:
    """What a network is calculated in: ``"int8"``, ``"bfloat16"`` or ``"float32"``."""
    if isinstance(model, GraphNetwork):
        return model.arithmetic
    from inference.network import precision

    return precision.arithmetic_of(model)


def planes_of(model: "Network") -> tuple[str, ...]:
    """The planes a network has learned from; one that names none knows axial slices alone."""
    return getattr(model, "planes", (AXIAL,))


def ready_for_inference(model: Some) -> Some:
    """Put a model on the best device, in the memory layout its convolutions are fastest in."""
    if isinstance(model, GraphNetwork):
        return model
    from inference.network.pytorch import on_best_device

    on_best_device(model)
    return model


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[part] = time.perf_counter() - start
