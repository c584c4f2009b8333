"""The plain way to segment, which speed is measured against: what a first version would do."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from common.labels import labels_to_regions
from inference.case import Case
from inference.network.engine import planes_of
from inference.network.multi_plane import planes_read
from inference.network.postprocess import draw_labels
from inference.network.preprocess import from_slices, normalise, sampling_of, to_slices
from inference.network.slice_adapter import slice_adapter_of

_SIDE = 256


@torch.inference_mode()
def plain_labels(case: Case, model: nn.Module) -> np.ndarray:
    """Segment every slice of a case by itself, in float32, padded to 256×256 pixels.

    No slice is left out, nothing is cropped and nothing done in batches; a network that knows three
    planes is shown all slices of all three. The drawing is the same, so that what differs is the
    way and not the rule.

    Args:
        case: The scan.
        model: A network in evaluation mode.

    Returns:
        (X, Y, Z) uint8 label map.
    """
    across, up, _ = case.shape
    planes = planes_read(planes_of(model), sampling_of(case, (up, across)), case.shape)
    volume = normalise(case.volume)
    tissue = volume.any(axis=0)
    answers = (_plain_plane(volume, model, plane) for plane in planes)
    probabilities = sum(answers) / len(planes) * tissue
    return draw_labels(probabilities.astype(np.float16), regions=slice_adapter_of(model).regions)


def _plain_plane(volume: np.ndarray, model: nn.Module, plane: str) -> np.ndarray:
    """(3, X, Y, Z) float32 probabilities from all slices of a plane."""
    reading, slices = slice_adapter_of(model), to_slices(volume, plane)
    height, width = slices.shape[2:]
    answers = []
    for index in range(len(slices)):
        shown = torch.from_numpy(reading.shown(slices, np.array([index])))
        missing = (max(0, _SIDE - shown.shape[-1]), max(0, _SIDE - shown.shape[-2]))
        padded = F.pad(shown, (0, missing[0], 0, missing[1])) if reading.size == "any" else shown
        found = torch.sigmoid(model(padded))[..., : shown.shape[-2], : shown.shape[-1]]
        answers.append(reading.answers(found.numpy(), (height, width)))
    return from_slices(np.concatenate(answers), plane)


def share_alike(labels: np.ndarray, others: np.ndarray) -> dict[str, float]:
    """Dice between two label maps, region by region: how alike two ways are."""
    first, second = labels_to_regions(labels), labels_to_regions(others)
    size = first.sum(axis=(1, 2, 3)) + second.sum(axis=(1, 2, 3))
    both = (first & second).sum(axis=(1, 2, 3))
    dice = np.where(size == 0, 1.0, 2 * both / np.maximum(size, 1))
    return dict(zip(("wt", "tc", "et"), dice.tolist(), strict=True))
