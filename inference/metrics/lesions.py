"""Agreement lesion by lesion, as BraTS scores since 2023.

A patient with one large and three small tumours has a high Dice if only the large one is found.
So every true lesion is scored by itself, and every lesion drawn where there is none counts as a
miss. Source: Saluja et al. 2023, the challenge's code at
https://github.com/rachitsaluja/BraTS-2023-Metrics, with its values for adult glioma:

- True lesions that touch once the truth is grown by three voxels (18 neighbours) are one lesion.
- What a model draws falls into parts of 26 neighbours; the parts that touch a true lesion, grown
  alike, are scored together against it as it was before growing.
- True lesions of 50 mm³ and less are not scored, found or not; what found them is no miss either.
- A true lesion that nothing touches, and a drawn part that touches none, however small, count
  Dice 0 and 374 mm.
- The mean runs over both kinds. Without any the Dice is 1 and the distance 0.

It is the code that is followed, not its README, which speaks of 50 voxels: on BraTS' own grid of
1 mm they are the same. The voxel size is that of the case, not of the file that was drawn.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from common.labels import region_mask
from common.vocabulary import REGIONS
from inference.metrics.overlap import dice
from inference.metrics.surface import EMPTY_DISTANCE_MM, Spacing, hd95, union_box

_GROWTH_VOXELS = 3
SMALLEST_MM3 = 50.0
_TOUCHING = ndimage.generate_binary_structure(3, 3)
_GROWING = ndimage.generate_binary_structure(3, 2)


@dataclass(frozen=True)
class LesionScores:
    """Scores of one region, averaged over its lesions.

    Args:
        dice: Lesion-wise Dice.
        hd95_mm: Lesion-wise HD95 in mm.
        scored: True lesions large enough to be scored.
        found: How many of these a model touched.
        false: Drawn parts that touch no true lesion.
    """

    dice: float
    hd95_mm: float
    scored: int
    found: int
    false: int

    def counts(self) -> dict[str, int]:
        """Without the means: how many lesions were scored, found and false."""
        return {"scored": self.scored, "found": self.found, "false": self.false}


def region_lesion_scores(
    labels: np.ndarray, truth: np.ndarray, spacing: Spacing
) -> dict[str, LesionScores]:
    """Lesion-wise scores of WT, TC and ET between two (X, Y, Z) label maps.

    Args:
        labels: Label map of a model.
        truth: Label map of the expert.
        spacing: Voxel size in mm along X, Y and Z.
    """
    box = union_box(labels, truth, margin=_GROWTH_VOXELS)
    return {
        region: lesion_scores(
            region_mask(labels[box], region), region_mask(truth[box], region), spacing
        )
        for region in REGIONS
    }


def lesion_scores(prediction: np.ndarray, truth: np.ndarray, spacing: Spacing) -> LesionScores:
    """Lesion-wise scores of two (X, Y, Z) bool masks with voxels of ``spacing`` mm."""
    lesions = ndimage.label(_grown(truth), _TOUCHING)[0] * truth
    parts, count = ndimage.label(prediction, _TOUCHING)
    touched: set[int] = set()
    scores = []
    for number in range(1, int(lesions.max(initial=0)) + 1):
        lesion = lesions == number
        mine = _parts_at(lesion, parts)
        touched |= mine
        if np.count_nonzero(lesion) * float(np.prod(spacing)) > SMALLEST_MM3:
            scores.append((bool(mine), *_score(np.isin(parts, list(mine)), lesion, spacing)))
    return _mean(scores, false=count - len(touched))


def _grown(mask: np.ndarray) -> np.ndarray:
    return ndimage.binary_dilation(mask, _GROWING, iterations=_GROWTH_VOXELS)


def _parts_at(lesion: np.ndarray, parts: np.ndarray) -> set[int]:
    """The drawn parts that touch a lesion."""
    box = union_box(lesion, margin=_GROWTH_VOXELS)
    return set(np.unique(parts[box][_grown(lesion[box])]).tolist()) - {0}


def _score(predicted: np.ndarray, lesion: np.ndarray, spacing: Spacing) -> tuple[float, float]:
    return dice(predicted, lesion), hd95(predicted, lesion, spacing)


def _mean(scores: list[tuple[bool, float, float]], *, false: int) -> LesionScores:
    found = [each for each, _, _ in scores]
    total = len(scores) + false
    if not total:
        return LesionScores(1.0, 0.0, 0, 0, 0)
    distance = sum(mm for _, _, mm in scores) + false * EMPTY_DISTANCE_MM
    overlap = sum(each for _, each, _ in scores)
    return LesionScores(overlap / total, distance / total, len(scores), sum(found), false)
