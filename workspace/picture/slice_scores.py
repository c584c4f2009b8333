"""How much is drawn on each slice, and how it agrees with the truth."""

from dataclasses import dataclass

import numpy as np

from common.labels import region_mask
from inference.metrics import dice
from inference.network.preprocess import Prepared


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
    def of(cls, predicted: np.ndarray, true: np.ndarray) -> "Overlap":
        """Of two bool masks of one shape."""
        union = int(np.count_nonzero(predicted | true))
        shared = int(np.count_nonzero(predicted & true))
        missed, extra = (
            int(np.count_nonzero(each)) for each in (true & ~predicted, predicted & ~true)
        )
        return cls(dice(predicted, true), shared / union if union else 1.0, missed, extra)


def areas(labels: np.ndarray, region: str) -> np.ndarray:
    """(Z,) pixels of a region in every slice of an (X, Y, Z) label map."""
    return np.count_nonzero(region_mask(labels, region), axis=(0, 1))


def head_pixels(prepared: Prepared, count: int) -> np.ndarray:
    """(Z,) pixels of tissue in each of ``count`` slices of a case."""
    pixels = np.zeros(count, int)
    pixels[prepared.box[2]] = np.count_nonzero(prepared.tissue, axis=(1, 2))
    return pixels


def scored_slices(predicted: np.ndarray, true: np.ndarray) -> dict[int, Overlap]:
    """By index, how (X, Y, Z) bool masks agree on each slice that holds anything of either."""
    occupied = np.flatnonzero((predicted | true).any(axis=(0, 1)))
    return {int(index): Overlap.of(predicted[..., index], true[..., index]) for index in occupied}


def best_and_worst(scores: dict[int, Overlap], count: int) -> tuple[list[int], list[int]]:
    """Up to ``count`` slices of the highest Dice and as many of the lowest, none of them twice."""
    ranked = sorted(scores, key=lambda index: (-scores[index].dice, index))
    best = ranked[: min(count, (len(ranked) + 1) // 2)]
    return best, ranked[max(len(best), len(ranked) - count) :][::-1]
