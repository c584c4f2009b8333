"""How the models differ, in words a clinician would use.

There is no atlas here, so no lobe is named: left and right are sides of the head, seen from the
middle of the image's tissue; front, back, upper and lower are those of the tumour that all models
draw together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.vocabulary import ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA
from report.rounding import three_figures

_PARTS: Final = {
    ENHANCING_TUMOUR: "enhancing tumour",
    NECROTIC_CORE: "necrotic core",
    OEDEMA: "oedema",
}
# Less than this is the width of an outline, not a difference anyone would act on.
_ALIKE_SHARE: Final = 0.02
_ALIKE_ML: Final = 0.1
_ALIKE_PIXELS: Final = 20
# A place is named where at least this share of the difference lies there.
_MOSTLY: Final = 0.65
# Below this share of common ground, equal volumes are not agreement.
_SAME_PLACE: Final = 0.8
_COUNTS: Final = {1: "the other model", 2: "the other two", 3: "the other three"}


@dataclass(frozen=True)
class Scale:
    """What the words need to know of the scan.

    Args:
        voxel_ml: Volume of a voxel in millilitres; None where it is not known.
        middle: Index along X, in RAS+ order, of the middle of the head.
        flat: Whether the scan is one slice, where there is no above and below.
    """

    voxel_ml: float | None
    middle: float
    flat: bool = False

    def amount(self, voxels: float) -> str:
        """A number of voxels as a person reads it, such as ``"3.1 ml"``."""
        if self.voxel_ml is None:
            return f"{voxels:.0f} pixels"
        return f"{three_figures(voxels * self.voxel_ml)} ml"

    def negligible(self, voxels: float, compared_with: float) -> bool:
        """Whether a difference is too small to speak of."""
        size = abs(voxels) * (1.0 if self.voxel_ml is None else self.voxel_ml)
        floor = _ALIKE_PIXELS if self.voxel_ml is None else _ALIKE_ML
        return size < floor or abs(voxels) < _ALIKE_SHARE * compared_with


def difference_sentences(
    label_maps: Mapping[str, np.ndarray], titles: Mapping[str, str], scale: Scale
) -> dict[str, str]:
    """A sentence or two a model on how it differs from the mean of the others.

    Args:
        label_maps: (X, Y, Z) uint8 of each model in RAS+ order; without consensus and truth.
        titles: What each model is called on screen.
        scale: Voxel volume and middle of the head.

    Returns:
        By model; empty where there are fewer than two.
    """
    if len(label_maps) < 2:
        return {}
    box = _union_box(list(label_maps.values()))
    maps = {name: labels[box] for name, labels in label_maps.items()}
    scale = Scale(scale.voxel_ml, scale.middle - box[0].start, scale.flat)
    return {name: _sentence(titles[name], name, maps, scale) for name in maps}


def _sentence(title: str, name: str, maps: dict[str, np.ndarray], scale: Scale) -> str:
    mine = maps[name]
    others = [labels for other, labels in maps.items() if other != name]
    whole = _whole(title, mine, others, scale)
    if not mine.any() or not any(labels.any() for labels in others):
        return whole  # which says it all
    return f"{whole} {_part(mine, others, scale)}"


def _whole(title: str, mine: np.ndarray, others: list[np.ndarray], scale: Scale) -> str:
    volume, mean = _voxels(mine > 0), _mean([labels > 0 for labels in others])
    them = _COUNTS.get(len(others), "the others")
    average = " on average" if len(others) > 1 else ""
    if not volume:
        return (
            f"{title} finds no tumour; {them} find {scale.amount(mean)}{average}."
            if mean
            else (f"{title} finds no tumour, like {them}.")
        )
    statement = f"{title} draws {scale.amount(volume)} of tumour"
    if not mean:
        return f"{statement} where {them} find{'' if len(others) > 1 else 's'} none."
    if scale.negligible(volume - mean, mean):
        return f"{statement}, as much as {them}{average}{_elsewhere(mine, others)}."
    return f"{statement}, {_more_or_less(volume, mean, scale)} than {them}{average}."


def _elsewhere(mine: np.ndarray, others: list[np.ndarray]) -> str:
    """What an equal volume hides: that it lies in another place."""
    votes = sum((labels > 0).astype(np.uint8) for labels in others)
    shared = _voxels((mine > 0) & (2 * votes >= len(others))) / _voxels(mine > 0)
    if shared >= _SAME_PLACE:
        return ""
    return f", but elsewhere: only {100 * shared:.0f} % of it lies where they draw tumour too"


def _part(mine: np.ndarray, others: list[np.ndarray], scale: Scale) -> str:
    """The part of the tumour in which a model differs most, and where."""
    changes = {p: _voxels(mine == p) - _mean([o == p for o in others]) for p in _PARTS}
    part = max(changes, key=lambda each: abs(changes[each]))
    mean = _mean([labels == part for labels in others])
    if scale.negligible(changes[part], mean):
        return "Its parts are as large as theirs."
    volume = _voxels(mine == part)
    where = _where(mine, others, part, more=changes[part] > 0, scale=scale)
    if not volume:
        return f"It finds no {_PARTS[part]}, where they find {scale.amount(mean)}{where}."
    if not mean:
        return f"It alone finds {_PARTS[part]}: {scale.amount(volume)}{where}."
    amount = _more_or_less(volume, mean, scale)
    return f"The largest difference is in the {_PARTS[part]}: {amount}{where}."


def _more_or_less(volume: float, mean: float, scale: Scale) -> str:
    percent = 100 * abs(volume - mean) / mean
    word = "more" if volume > mean else "less"
    share = f"{percent:.0f} %" if percent < 1000 else "over ten times"
    return f"{scale.amount(abs(volume - mean))} ({share}) {word}"


def _where(
    mine: np.ndarray, others: list[np.ndarray], part: int, *, more: bool, scale: Scale
) -> str:
    """Where a model draws a part and at most half of the others do, or the other way round."""
    theirs = 2 * sum((labels == part).astype(np.uint8) for labels in others)
    if more:
        differing = (mine == part) & (theirs <= len(others))
    else:
        differing = (mine != part) & (theirs >= len(others))
    places = np.argwhere(differing)
    if not len(places):
        return ""
    tumour = np.argwhere(np.any([labels > 0 for labels in (mine, *others)], axis=0))
    centre = tumour.mean(axis=0)
    side = _mostly(places[:, 0], scale.middle, "left", "right")
    height = "" if scale.flat else _mostly(places[:, 2], centre[2], "lower", "upper")
    depth = _mostly(places[:, 1], centre[1], "back", "front")
    return _place(side, height, depth)


def _mostly(values: np.ndarray, border: float, below: str, above: str) -> str:
    share = float(np.mean(values > border))
    return above if share >= _MOSTLY else below if 1 - share >= _MOSTLY else ""


def _place(side: str, height: str, depth: str) -> str:
    of_tumour = " ".join(word for word in (height, depth) if word)
    words = [
        f"in the {of_tumour} part of the tumour" if of_tumour else "",
        f"on the {side}" if side else "",
    ]
    place = ", ".join(word for word in words if word)
    return f", mostly {place}" if place else ""


def _voxels(mask: np.ndarray) -> int:
    return int(np.count_nonzero(mask))


def _mean(masks: list[np.ndarray]) -> float:
    return sum(map(_voxels, masks)) / len(masks)


def _union_box(label_maps: list[np.ndarray]) -> tuple[slice, slice, slice]:
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        hits = np.flatnonzero(np.any([each.any(axis=others) for each in label_maps], axis=0))
        box.append(slice(int(hits[0]), int(hits[-1]) + 1) if hits.size else slice(0, 1))
    return tuple(box)
