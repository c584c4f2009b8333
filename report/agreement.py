"""How far the readings of a case agree, in words a clinician would use.

Places are those of :mod:`report.differences`: left and right are sides of the head, front, back,
upper and lower those of what any reading calls tumour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.vocabulary import MODALITY_NAMES, REGION_NAMES, REGIONS
from inference.analysis.uncertainty import Agreement
from report.differences import Scale

NO_PROOF: Final = (
    "Agreement is not correctness: models that learned from the same patients make the same "
    "mistakes."
)
# Two readings that share less than this are not drawing the same thing.
_LITTLE_SHARED: Final = 0.7
# A place is named where at least this share of what is disputed lies there.
_MOSTLY: Final = 0.65
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
# What a dispute about a region is about.
_ABOUT: Final = {
    "wt": "how far the tumour reaches",
    "tc": "which part of it is core",
    "et": "which part of it enhances",
}
_LOOK_AT: Final = {"wt": "flair", "tc": "t1c", "et": "t1c"}


@dataclass(frozen=True)
class Readings:
    """What the words are made from.

    Args:
        agreement: By region.
        models: The title of each model, and the names of its readings.
        present: The modalities that the case has.
        places: By region, where the dispute lies: from :func:`place_of`.
    """

    agreement: Mapping[str, Agreement]
    models: Mapping[str, tuple[str, ...]]
    present: tuple[str, ...]
    places: Mapping[str, str]

    @property
    def count(self) -> str:
        """How many readings there are, in words."""
        return number(sum(len(names) for names in self.models.values()))


@dataclass(frozen=True)
class Agreed:
    """What has been found of it, for whatever leaves GlioLens.

    Args:
        sentences: Of :func:`agreement_sentences`.
        readings: Their titles, by the names in ``regions``.
        regions: The figures, by region.
    """

    sentences: tuple[str, ...]
    readings: Mapping[str, str]
    regions: Mapping[str, Agreement]


def agreement_sentences(readings: Readings, scale: Scale) -> list[str]:
    """What the readings agree on, where they differ most, and what to look at oneself."""
    whole = readings.agreement["wt"]
    if not whole.most:
        return [f"None of the {readings.count} readings draws a tumour."]
    return [_size(readings, scale), *_differing(readings, scale), *_doubtful(readings)]


def number(count: int) -> str:
    """A count as it stands in a sentence."""
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def size_range(least: int, most: int, scale: Scale) -> str:
    """Two counts of voxels as a person reads them, such as ``"38 to 44 ml"``."""
    low, high = scale.amount(least), scale.amount(most)
    if low == high:
        return high
    (low, unit), (high, other) = low.split(" "), high.split(" ")
    return f"{low} to {high} {other}" if unit == other else f"{low} {unit} to {high} {other}"


def place_of(disputed: np.ndarray, tumour: np.ndarray, scale: Scale) -> str:
    """Where most of a dispute lies, such as ``"in the front part of the tumour, on the left"``.

    Args:
        disputed: (x, y, z) bool in RAS+ order.
        tumour: (x, y, z) bool of the same place: what any reading draws.
        scale: With the middle of the head counted from this place's own corner.

    Returns:
        Nothing where the dispute is spread all around.
    """
    at, centre = np.argwhere(disputed), np.argwhere(tumour).mean(axis=0)
    if not len(at):
        return ""
    height = "" if scale.flat else _mostly(at[:, 2], centre[2], "lower", "upper")
    depth = _mostly(at[:, 1], centre[1], "back", "front")
    side = _mostly(at[:, 0], scale.middle, "left", "right")
    part = " ".join(word for word in (height, depth) if word)
    words = [f"in the {part} part of the tumour" if part else "", f"on the {side}" if side else ""]
    return ", ".join(word for word in words if word)


def _mostly(values: np.ndarray, border: float, below: str, above: str) -> str:
    share = float(np.mean(values > border))
    return above if share >= _MOSTLY else below if 1 - share >= _MOSTLY else ""


def _size(readings: Readings, scale: Scale) -> str:
    whole = readings.agreement["wt"]
    volume = size_range(whole.least, whole.most, scale)
    if whole.least and scale.amount(whole.least) == scale.amount(whole.most):
        return f"All {readings.count} readings put the whole tumour at {volume}."
    if not whole.least:
        missing = number(sum(not voxels for voxels in whole.voxels.values())).capitalize()
        others = f"others up to {scale.amount(whole.most)}"
        return f"{missing} of the {readings.count} readings draw no tumour, {others}."
    between = volume.replace(" to ", " and ")
    return f"The {readings.count} readings put the whole tumour between {between}."


def _differing(readings: Readings, scale: Scale) -> list[str]:
    found = readings.agreement
    # The outer edge is disputed in every scan; the inner ones count where they differ by more.
    region = max(REGIONS, key=lambda each: found[each].disputed)
    if scale.negligible(found[region].disputed, found["wt"].most):
        return ["They draw the same, but for the width of an outline."]
    amount, place = scale.amount(found[region].disputed), readings.places[region]
    where = f", most of it {place}" if place else ", all around it"
    about = f"{_ABOUT[region]}: {amount} that some draw and others do not"
    return [f"They differ most on {about}{where}."]


def _doubtful(readings: Readings) -> list[str]:
    """The first region, from the outside in, that the models do not agree is there or is that."""
    for region in REGIONS:
        found, name = readings.agreement[region], REGION_NAMES[region].lower()
        drawing = [
            title
            for title, names in readings.models.items()
            if any(found.voxels[each] for each in names)
        ]
        if not drawing:
            return [f"No reading draws any {name}; that is no proof that there is none."]
        if len(drawing) < len(readings.models):
            return [
                f"The {name} is drawn by only {' and '.join(drawing)}, "
                f"{number(len(drawing))} of {number(len(readings.models))} models"
                f"{_look(region, readings.present)}."
            ]
        if found.least_dice < _LITTLE_SHARED:
            return [
                f"On the {name} they agree little: two of the readings share a Dice of only "
                f"{found.least_dice:.2f}{_look(region, readings.present)}."
            ]
    return []


def _look(region: str, present: tuple[str, ...]) -> str:
    modality = _LOOK_AT[region]
    return f": look at the {MODALITY_NAMES[modality]} yourself" if modality in present else ""
