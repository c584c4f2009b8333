"""How much higher one way of splitting scores than another, and within what interval."""

from collections.abc import Callable

import numpy as np

from common.vocabulary import REGIONS
from training.scoring.protocols import Patients, honest, per_slice, pooled_tumour
from training.scoring.slice_counts import SliceCounts, by_region
from training.scoring.summary import percentile_interval

_RESAMPLES = 1000

Score = Callable[[Patients], np.ndarray]
# The patients of the split that leaks, and those of the one that does not.
Sides = tuple[Patients, Patients]


def pooled(patients: Patients) -> np.ndarray:
    """(3,) Dice of all pixels of all slices together."""
    return SliceCounts.join(patients).pooled_dice()


def tumour_mean(patients: Patients) -> np.ndarray:
    """(3,) mean over tumour slices of their own Dice; 1 if there are none."""
    slices = SliceCounts.join(patients)
    each = slices[slices.with_tumour].each_dice()
    return each.mean(axis=0) if len(each) else np.ones(len(REGIONS))


SCORES: dict[str, tuple[str, Score]] = {
    "per_slice": ("Mean over slices, empty as 1", per_slice),
    "tumour_mean": ("Mean over tumour slices", tumour_mean),
    "pooled": ("All slices together", pooled),
    "pooled_tumour": ("All tumour slices together", pooled_tumour),
}


def slice_scores(patients: Patients) -> dict[str, dict]:
    """``{KEY: {"title", REGION: Dice}}`` of every score that takes slices."""
    return {
        key: {"title": title} | by_region(score(patients)) for key, (title, score) in SCORES.items()
    }


def honest_score(patients: Patients) -> dict:
    """The same for the mean over patients in 3D."""
    return {"title": "Per patient in 3D"} | by_region(honest(patients))


def inflation(sides: Sides, *, base: Score | None = None, paired: bool = False) -> dict:
    """Score by score, how much higher the leaking side stands.

    Args:
        sides: What each answered on slices it was not trained on.
        base: What to set the leaking side's scores against, if not the same score.
        paired: Both sides are of the same patients, who are resampled together; otherwise each
            side is resampled by itself.

    Returns:
        ``{KEY: {"title", REGION: {"difference", "interval"}}}``, the interval a 95 % percentile
        bootstrap over patients. Chance in the training itself is not in it.
    """
    return {
        key: {"title": title} | _difference(sides, (score, base or score), paired=paired)
        for key, (title, score) in SCORES.items()
    }


def _difference(sides: Sides, scores: tuple[Score, Score], *, paired: bool) -> dict[str, dict]:
    random = np.random.default_rng(0)
    resampled = np.stack(
        [_subtract(_resample(sides, random, paired=paired), scores) for _ in range(_RESAMPLES)]
    )
    return {
        region: {"difference": value, "interval": percentile_interval(resampled[:, index])}
        for index, (region, value) in enumerate(by_region(_subtract(sides, scores)).items())
    }


def _subtract(sides: Sides, scores: tuple[Score, Score]) -> np.ndarray:
    leaking, clean = (score(side) for score, side in zip(scores, sides, strict=True))
    return leaking - clean


def _resample(sides: Sides, random: np.random.Generator, *, paired: bool) -> Sides:
    leaking, clean = sides
    first = random.integers(len(leaking), size=len(leaking))
    second = first if paired else random.integers(len(clean), size=len(clean))
    return [leaking[index] for index in first], [clean[index] for index in second]
