"""One model on one case: slices in, label map and region probabilities out.

The only sigmoid of inference stands here; models answer logits, the loss takes logits.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from inference.case import Case
from inference.labels import regions_to_labels
from inference.metrics import region_dice, region_volumes
from inference.precision import autocast, best_device
from inference.preprocess import Box, Prepared, from_slices, prepare, uncrop
from model_zoo.weights import Provenance

# Enough slices to keep two cores busy, few enough to keep the activations near 100 MB.
_BATCH = 8
_THRESHOLD = 0.5

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Segmentation:
    """What one model, or the consensus of several, says of one case.

    Args:
        model: Name of the model, or ``"consensus"``.
        labels: (X, Y, Z) uint8 in RAS+ order, BraTS 2023 numbering.
        probabilities: (3, x, y, z) float16 region probabilities inside ``box``; 0 outside it.
        box: Where the probabilities lie in the case's (X, Y, Z).
        seconds: Time by part: ``preprocess``, ``predict``, ``postprocess``.
        weights: Where the weights came from; None for a consensus.
    """

    model: str
    labels: np.ndarray
    probabilities: np.ndarray
    box: Box
    seconds: dict[str, float] = field(default_factory=dict)
    weights: Provenance | None = None

    def volume_ml(self, case: Case) -> dict[str, float]:
        """Volume of WT, TC and ET in millilitres."""
        return region_volumes(self.labels, case.voxel_volume_ml)

    def dice(self, case: Case) -> dict[str, float] | None:
        """Dice of WT, TC and ET, or None for a case without truth."""
        return None if case.truth is None else region_dice(self.labels, case.truth)


def segment(
    case: Case,
    model: nn.Module,
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
        prepared: What :func:`inference.preprocess.prepare` gave for this case, if several
            models share it.
        weights: Passed on into the result.
        progress: Called with the share of slices done, from 0 to 1.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "preprocess"):
        prepared = prepared or prepare(case)
    with _timed(seconds, "predict"):
        probabilities = predict(model, prepared.slices, progress=progress)
    with _timed(seconds, "postprocess"):
        probabilities = from_slices(probabilities)
        labels = _label_map(probabilities, prepared.box, case.shape)
    return Segmentation(name, labels, probabilities, prepared.box, seconds, weights)


def consensus(segmentations: list[Segmentation]) -> Segmentation:
    """The mean of several models' region probabilities of one case, labelled like one model's."""
    start = time.perf_counter()
    first = segmentations[0]
    mean = np.zeros(first.probabilities.shape, np.float32)
    for segmentation in segmentations:
        mean += segmentation.probabilities
    mean /= len(segmentations)
    labels = _label_map(mean, first.box, first.labels.shape)
    seconds = {"postprocess": time.perf_counter() - start}
    return Segmentation("consensus", labels, mean.astype(np.float16), first.box, seconds)


@torch.inference_mode()
def predict(
    model: nn.Module, slices: np.ndarray, *, progress: Progress | None = None
) -> np.ndarray:
    """(N, C, H, W) normalised slices to (N, R, H, W) float16 region probabilities.

    Slices without tissue are not shown to the network: nothing is there to be found.
    """
    device = next(model.parameters()).device
    occupied = np.flatnonzero(slices.any(axis=(1, 2, 3)))
    batches = [occupied[start : start + _BATCH] for start in range(0, len(occupied), _BATCH)]
    probabilities = None
    for done, batch in enumerate(batches, start=1):
        logits = _logits(model, torch.from_numpy(slices[batch]), device)
        if probabilities is None:
            probabilities = np.zeros((len(slices), *logits.shape[1:]), np.float16)
        probabilities[batch] = torch.sigmoid(logits.float()).half().cpu().numpy()
        if progress:
            progress(done / len(batches))
    if probabilities is None:
        raise ValueError("There is no tissue in any slice.")
    return probabilities


def _logits(model: nn.Module, slices: Tensor, device: torch.device) -> Tensor:
    with autocast(device):
        return model(slices.to(device, memory_format=torch.channels_last))


def ready_for_inference(model: nn.Module) -> nn.Module:
    """Put a model on the best device, in the memory layout its convolutions are fastest in."""
    return model.to(best_device(), memory_format=torch.channels_last).eval()


def _label_map(probabilities: np.ndarray, box: Box, shape: tuple[int, int, int]) -> np.ndarray:
    return uncrop(regions_to_labels(probabilities > _THRESHOLD), box, shape)


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds[part] = time.perf_counter() - start
