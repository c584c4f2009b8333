"""How earlier projects scored: pixel by pixel, and most of them over tumour slices alone."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from common.labels import labels_to_regions
from common.vocabulary import REGIONS
from training.scoring.slice_counts import SliceCounts


@dataclass(frozen=True)
class PixelCounts:
    """Pixels of one region: drawn and true, drawn only, true only, neither."""

    hit: int
    extra: int
    missed: int
    rest: int

    @classmethod
    def pooled(cls, counts: SliceCounts, region: str) -> "PixelCounts":
        """All pixels of all slices together."""
        column = REGIONS.index(region)
        hit, predicted, true = (
            int(each[:, column].sum()) for each in (counts.overlap, counts.predicted, counts.true)
        )
        every = int(counts.pixels.sum())
        return cls(hit, predicted - hit, true - hit, every - predicted - true + hit)

    def scores(self) -> dict[str, float | None]:
        """Dice (which is F1), IoU, accuracy, precision, recall and specificity; None for 0/0."""
        every = self.hit + self.extra + self.missed + self.rest
        wrong = self.extra + self.missed
        return {
            "dice": _share(2 * self.hit, 2 * self.hit + wrong),
            "iou": _share(self.hit, self.hit + wrong),
            "accuracy": _share(self.hit + self.rest, every),
            "precision": _share(self.hit, self.hit + self.extra),
            "recall": _share(self.hit, self.hit + self.missed),
            "specificity": _share(self.rest, self.rest + self.extra),
        }


def count_slices(labels: np.ndarray, truth: np.ndarray) -> SliceCounts:
    """The axial slices of two (X, Y, Z) label maps, counted."""
    predicted, true = (np.moveaxis(labels_to_regions(each), -1, 1) for each in (labels, truth))
    return SliceCounts.of(predicted, true)


def pixel_scores(counts: Iterable[SliceCounts], regions: tuple[str, ...]) -> dict:
    """What the slices of some patients come to, region by region.

    Args:
        counts: One a patient.
        regions: Those that are scored.

    Returns:
        ``{"slices", "tumour_slices", "over_tumour_slices", "over_all_slices"}``: of each region
        the scores of all pixels pooled, and over tumour slices the mean Dice and IoU of each slice
        by itself too (``"slice_dice"``, ``"slice_iou"``). A tumour slice holds true tumour.
    """
    joined = SliceCounts.join(list(counts))
    tumour = joined[joined.with_tumour]
    return {
        "slices": len(joined),
        "tumour_slices": len(tumour),
        "over_tumour_slices": {r: _of_slices(tumour, r) for r in regions},
        "over_all_slices": {r: PixelCounts.pooled(joined, r).scores() for r in regions},
    }


def _of_slices(counts: SliceCounts, region: str) -> dict[str, float | None]:
    dice = counts.each_dice()[:, REGIONS.index(region)]
    each = {
        "slice_dice": float(dice.mean()) if len(dice) else None,
        "slice_iou": float((dice / (2 - dice)).mean()) if len(dice) else None,
    }
    return PixelCounts.pooled(counts, region).scores() | each


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
