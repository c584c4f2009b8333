"""What the images say of the numbers of a truth, and whether it is one of a tumour at all.

The enhancing tumour is the label that is brighter after contrast than before, and the oedema the
one that lies outside. In 52 patients of BraTS the thresholds here contradict no true numbering, and
bear out no other.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.vocabulary import (
    BACKGROUND,
    ENHANCING_TUMOUR,
    MODALITIES,
    NECROTIC_CORE,
    OEDEMA,
)
from inference.geometry.boxes import box_of, with_margin
from inference.io.truths.label_conventions import CONVENTIONS, Convention

_FEWEST: Final = 100
# In quartile distances of the tissue of each image.
_BRIGHTER: Final = 0.3
_ENHANCES: Final = 0.8
# Of a label's surface, what faces no other label.
_FURTHER_OUT: Final = 0.15
# A tumour takes at most a quarter of a brain, but may take most of one slice of it.
_MOST_OF_HEAD: Final = 0.4
_MOST_OF_SLICES: Final = 0.75
_FEW_SLICES: Final = 16
_LEAST_HEAD: Final = 4096
_SAMPLE: Final = 200_000
# A cavity enhances as little as oedema does, but lies as far outside.
_ALL_BUT_ENHANCING: Final = (BACKGROUND, NECROTIC_CORE, OEDEMA)
_CORE: Final = (NECROTIC_CORE, ENHANCING_TUMOUR)


@dataclass(frozen=True)
class Evidence:
    """What was measured of each number of a truth.

    Args:
        enhancement: By number, how much brighter the T1c is than the T1, the median; empty where
            one of them is missing.
        outside: By number, the share of its surface that faces no other number.
    """

    enhancement: dict[int, float]
    outside: dict[int, float]


def evidence_on(numbers: np.ndarray, volume: np.ndarray, present: Collection[str]) -> Evidence:
    """Measure every number of a truth.

    Args:
        numbers: (X, Y, Z) uint8 as the file has them.
        volume: (4, X, Y, Z) float32 on the same grid.
        present: The modalities in it.
    """
    marked = box_of(numbers)
    if marked is None:
        return Evidence({}, {})
    # The neighbours of what is marked are looked at too; the rest of the head is not.
    box = with_margin(marked, numbers.shape, 1)
    numbers = numbers[box]
    values = [int(v) for v in np.flatnonzero(np.bincount(numbers.ravel()) >= _FEWEST) if v]
    enhancement: dict[int, float] = {}
    if {"t1", "t1c"} <= set(present):
        before, after = (volume[MODALITIES.index(name)] for name in ("t1", "t1c"))
        scale = [_middle_and_spread(image) for image in (before, after)]
        images = list(zip((before, after), scale, strict=True))
        for value in values:
            here = numbers == value
            levels = [(im[box][here] - mid) / wide for im, (mid, wide) in images]
            enhancement[value] = float(np.median(levels[1] - levels[0]))
    return Evidence(enhancement, {value: _outside(numbers, value) for value in values})


def contradicted(convention: Convention, evidence: Evidence) -> bool:
    """Whether another number is clearly what this numbering calls enhancing tumour, or oedema."""
    enhancing, others = _margins(
        convention, evidence.enhancement, of=ENHANCING_TUMOUR, beside=_ALL_BUT_ENHANCING
    )
    strongest = max(others.values(), default=-np.inf)
    if strongest >= _ENHANCES and strongest - (enhancing or 0.0) >= _BRIGHTER:
        return True
    oedema, others = _margins(convention, evidence.outside, of=OEDEMA, beside=_CORE)
    return oedema is not None and max(others.values(), default=-1.0) - oedema >= _FURTHER_OUT


def borne_out(convention: Convention, evidence: Evidence) -> bool:
    """Whether what this numbering calls enhancing tumour and oedema clearly is."""
    if contradicted(convention, evidence):
        return False
    enhancing, others = _margins(
        convention, evidence.enhancement, of=ENHANCING_TUMOUR, beside=_ALL_BUT_ENHANCING
    )
    if enhancing is not None:
        darker = max(others.values(), default=-np.inf)
        if enhancing < _ENHANCES or enhancing - darker < _BRIGHTER:
            return False
    elif others and max(others.values()) - min(others.values()) >= _BRIGHTER:
        return False  # one of them may enhance a little
    oedema, others = _margins(convention, evidence.outside, of=OEDEMA, beside=_CORE)
    return oedema is not None and oedema - max(others.values(), default=-1.0) >= _FURTHER_OUT


def borne_out_alone(names: Iterable[str], evidence: Evidence) -> str | None:
    """The one of several numberings that the images bear out."""
    found = [name for name in names if borne_out(CONVENTIONS[name], evidence)]
    meanings = {tuple(CONVENTIONS[name].labels.get(v) for v in evidence.outside) for name in found}
    return found[0] if len(meanings) == 1 else None


def unlikely_truth(numbers: np.ndarray, volume: np.ndarray) -> str | None:
    """What speaks against a tumour, in words; None where nothing does.

    Args:
        numbers: (X, Y, Z), everything but 0 is marked.
        volume: (4, X, Y, Z) on the same grid, background 0.
    """
    box = box_of(numbers)
    head = np.zeros(numbers.shape, bool)
    for image in volume:
        head |= image != 0
    size = np.count_nonzero(head)
    if size < _LEAST_HEAD or box is None:
        return None
    marked = np.count_nonzero(numbers[box])
    in_head = np.count_nonzero(head[box] & (numbers[box] != 0))
    share = in_head / size
    most = _MOST_OF_HEAD if numbers.shape[2] >= _FEW_SLICES else _MOST_OF_SLICES
    if share > most:
        return f"it marks {100 * share:.0f} % of the head"
    outside = 1 - in_head / marked
    return f"{100 * outside:.0f} % of it lies outside the head" if outside > 0.5 else None


def _margins(
    convention: Convention, measured: dict[int, float], *, of: int, beside: Collection[int]
) -> tuple[float | None, dict[int, float]]:
    """The measure of the numbers that mean a label, and of those that mean any of some others."""
    mine = [measured[v] for v in measured if convention.labels.get(v) == of]
    others = {v: measured[v] for v in measured if convention.labels.get(v) in beside}
    return (max(mine) if mine else None), others


def _middle_and_spread(image: np.ndarray) -> tuple[float, float]:
    flat = image.ravel()[:: max(1, image.size // _SAMPLE)]
    tissue = flat[flat != 0]
    if not tissue.size:
        return 0.0, 1.0
    low, middle, high = np.percentile(tissue, (25, 50, 75))
    return float(middle), float(high - low) or 1.0


def _outside(numbers: np.ndarray, value: int) -> float:
    here = numbers == value
    facing = surface = 0
    for axis in range(3):
        for one, other in ((here, numbers), (np.flip(here, axis), np.flip(numbers, axis))):
            inner = np.take(one, range(one.shape[axis] - 1), axis)
            beside = np.take(other, range(1, one.shape[axis]), axis)[inner]
            facing += int(np.count_nonzero(beside == 0))
            surface += int(np.count_nonzero(beside != value))
    return facing / surface if surface else 1.0
