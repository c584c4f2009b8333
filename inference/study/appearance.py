"""Whether images look like the modalities that they are given as: the check by the picture.

How each modality looks beside each other was measured on patients of BraTS (the table is made by
``python -m training appearance``). Every other way of naming the images is tried; one that fits
clearly better is a doubt. A T1 alone cannot be told from a T1 after contrast, so that is only asked
of both together.
"""

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np

from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.study.measures import Measures, measure

_TABLE: Final = Path(__file__).with_name("appearance.json")
# One odd measure, such as that of a very large oedema, must not decide: 3 deviations at most.
_MOST_SQUARES: Final = 9.0
# Differences of logarithms of likelihood; chosen on training patients (docs name the figures).
_CLEARLY: Final = {2: 3.0, 3: 1.0, 4: 1.0}
# Each image more that is called another must make the whole so much likelier: a mistake seldom
# concerns more than one or two, and those that were named rightly are not to be accused.
_EACH_IMAGE: Final = 5.0

Naming: TypeAlias = tuple[str, ...]
# Mean and deviation of each measure by one modality, or by two in order.
Table: TypeAlias = Mapping[Naming, tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Doubt:
    """An image that looks like another modality than it was given as.

    Args:
        given: The modality it was given as.
        looks: The modality it looks like.
        reason: What was measured, as a sentence.
    """

    given: str
    looks: str
    reason: str


def check_appearance(images: Mapping[str, np.ndarray], brain: np.ndarray) -> tuple[Doubt, ...]:
    """Doubts about which image is which; none for a single image or one without contrast.

    Args:
        images: (X, Y, Z) float32 by modality, aligned on one grid of about 1 mm.
        brain: (X, Y, Z) bool, inside the skull; the images' background there may be 0.
    """
    if len(images) < 2:
        return ()
    measured = measure(images, brain)
    if measured is None:
        return ()
    given = tuple(images)
    best = likeliest_naming(measured, given, usual_looks())
    moved = zip(given, best, strict=True)
    return tuple(
        Doubt(was, looks, _reason(measured, given, best, was))
        for was, looks in moved
        if was != looks
    )


def likeliest_naming(measured: Measures, given: Naming, table: Table) -> Naming:
    """The given naming, or where another fits clearly better the one that changes least of it."""
    scores = {
        naming: _fit(measured, given, naming, table)
        for naming in itertools.permutations(MODALITIES, len(given))
    }
    own = max(score for naming, score in scores.items() if _alike(naming, given))
    others = [naming for naming in scores if not _alike(naming, given)]
    if max(scores[naming] for naming in others) - own <= _CLEARLY[len(given)]:
        return given
    best = max(others, key=lambda naming: scores[naming] - _EACH_IMAGE * _changed(naming, given))
    return in_terms_given(best, given)


def _changed(naming: Naming, given: Naming) -> int:
    """How many images it calls another than they were given as."""
    now = in_terms_given(naming, given)
    return sum(name != was for name, was in zip(now, given, strict=True))


def _alike(naming: Naming, given: Naming) -> bool:
    """Whether they differ at most by T1 and T1c where only one of the two is there."""
    return _distinguishable(naming) == _distinguishable(given)


def _distinguishable(naming: Naming) -> Naming:
    both = {"t1", "t1c"} <= set(naming)
    return naming if both else tuple("t1" if name == "t1c" else name for name in naming)


def in_terms_given(best: Naming, given: Naming) -> Naming:
    """The same naming with the T1 or T1c that was given, where only one of them is there."""
    if {"t1", "t1c"} <= set(best) or {"t1", "t1c"} <= set(given):
        return best
    kept = next((name for name in given if name in ("t1", "t1c")), None)
    return tuple(kept if kept and name in ("t1", "t1c") else name for name in best)


def _fit(measured: Measures, given: Naming, naming: Naming, table: Table) -> float:
    """Logarithm of how likely the images are under a naming, but for a constant."""
    named = list(zip(given, naming, strict=True))
    alone = sum(_likelihood(measured.one[image], table[name,]) for image, name in named)
    pairs = itertools.combinations(named, 2)
    return alone + sum(
        _likelihood(measured.pair[a, b], table[name_a, name_b])
        for (a, name_a), (b, name_b) in pairs
    )


def _likelihood(values: np.ndarray, usual: tuple[np.ndarray, np.ndarray]) -> float:
    mean, deviation = usual
    squares = np.minimum(((values - mean) / deviation) ** 2, _MOST_SQUARES)
    return float(-(squares / 2 + np.log(deviation)).sum())


@cache
def usual_looks() -> Table:
    """How the modalities looked on the training patients."""
    return read_table(json.loads(_TABLE.read_text(encoding="utf-8"))["measures"])


def read_table(raw: Mapping[str, Mapping[str, list[float]]]) -> Table:
    """The table as ``training.experiments.appearance`` writes it."""
    return {
        tuple(names.split()): (np.array(of["mean"]), np.array(of["deviation"]))
        for names, of in raw.items()
    }


def _reason(measured: Measures, given: Naming, best: Naming, image: str) -> str:
    """The one measure of this image that speaks most against the naming given."""
    looks = dict(zip(given, best, strict=True))
    found: list[tuple[float, float, int, str]] = []
    for other in given:
        if other != image:
            was, now = (image, other), (looks[image], looks[other])
            values = measured.pair[image, other]
            found.extend(
                (_gain(values, was, now, at), values[at], at, other) for at in range(len(_REASONS))
            )
    _, value, at, other = max(found, key=lambda line: line[0])
    was_mean = usual_looks()[image, other][0][at]
    now_mean = usual_looks()[looks[image], looks[other]][0][at]
    return _REASONS[at].format(
        image=MODALITY_NAMES[image],
        other=MODALITY_NAMES[other],
        looks=MODALITY_NAMES[looks[image]],
        beside=MODALITY_NAMES[looks[other]],
        value=_shown(value, at),
        usual=_shown(was_mean, at),
        now=_shown(now_mean, at),
    )


def _gain(values: np.ndarray, was: Naming, now: Naming, at: int) -> float:
    def fit(names: Naming) -> float:
        mean, deviation = (numbers[at] for numbers in usual_looks()[names])
        return -min(((values[at] - mean) / deviation) ** 2, _MOST_SQUARES) / 2

    return fit(now) - fit(was)


_WHERE: Final = "; {usual} would be usual for such a pair, {now} for {looks} beside {beside}."
_REASONS: Final = (
    "Against the image given as {other}, what the one given as {image} has brighter outweighs what "
    "it has darker by {value}" + _WHERE,
    "Where the image given as {other} is darkest, the one given as {image} is brighter than "
    "{value} % of its brain" + _WHERE,
    "Where the image given as {image} is darkest, the one given as {other} is brighter than "
    "{value} % of its brain" + _WHERE,
    "Where the image given as {other} is brightest, the one given as {image} is brighter than "
    "{value} % of its brain" + _WHERE,
    "Where the image given as {image} is brightest, the one given as {other} is brighter than "
    "{value} % of its brain" + _WHERE,
    "The brightness of the images given as {image} and {other} correlates by {value}" + _WHERE,
)
_AS_PERCENT: Final = {1, 2, 3, 4}


def _shown(value: float, at: int) -> str:
    return f"{100 * value:.0f}" if at in _AS_PERCENT else f"{value:.1f}"
