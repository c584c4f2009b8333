"""How the modalities look beside each other, for ``inference.study.appearance``, and how far that
tells a mistaken one: every swap and every wrong name of one, on patients it was not made from.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.study.appearance import Naming, in_terms_given, likeliest_naming, read_table
from inference.study.measures import Measures, measure
from training.data.patients import read_cases, split_cases
from training.results import markdown_table

HELD_BACK: Final = "held_back"
COUNTS: Final = ("doubted", "named", "bystander", "tried")
_SLICES_MM: Final = (1, 5)
# A few dozen patients show less than the whole spread.
_LEAST_DEVIATION: Final = {1: np.array((0.1, 0.1)), 2: np.array((0.4, 0.06, 0.06, 0.06, 0.06, 0.1))}
_DIGITS: Final = 3


@dataclass(frozen=True)
class Measured:
    """One patient at one thickness of slices."""

    patient: str
    slices_mm: int
    measures: Measures
    present: Naming


def measure_split(data: Path, split: str) -> list[Measured]:
    """Every patient of a split with two modalities or more, as given and in thick slices.

    Args:
        data: Folder with ``cases.csv`` and the cases.
        split: ``train`` or ``val``.
    """
    names = split_cases(data, split, partial=True)
    cases = (case for name in names for case in read_cases(data, [name]))  # truths may differ
    return [found for case in cases for found in _measure_case(case)]


def _measure_case(case: Case) -> Iterator[Measured]:
    if len(case.present) < 2:
        return
    images = {name: case.volume[MODALITIES.index(name)] for name in case.present}
    brain = np.any([image != 0 for image in images.values()], axis=0)
    for thickness in _SLICES_MM:
        thick = {name: in_slices(image, thickness) for name, image in images.items()}
        found = measure(thick, brain)
        if found is not None:
            yield Measured(case.name, thickness, found, case.present)


def in_slices(image: np.ndarray, count: int) -> np.ndarray:
    """Means of ``count`` neighbouring axial slices in the place of each of them."""
    if count == 1:
        return image
    depth = image.shape[2] // count * count
    blocks = image[..., :depth].reshape(*image.shape[:2], -1, count)
    full = (blocks != 0).sum(-1)
    means = np.where(full > count // 2, blocks.sum(-1) / np.maximum(full, 1), 0)
    out = np.zeros_like(image)
    out[..., :depth] = np.repeat(means, count, axis=2)
    return out


def fit_table(patients: Iterable[Measured]) -> dict[str, dict[str, list[float]]]:
    """Mean and deviation of each measure by a modality, or by two in order."""
    found: dict[Naming, list[np.ndarray]] = defaultdict(list)
    for patient in patients:
        for name, values in patient.measures.one.items():
            found[name,].append(values)
        for names, values in patient.measures.pair.items():
            found[names].append(values)
    return {" ".join(names): _numbers(np.array(values)) for names, values in found.items()}


def _numbers(values: np.ndarray) -> dict[str, list[float]]:
    least = _LEAST_DEVIATION[1 if values.shape[1] == 2 else 2]
    return {
        "mean": values.mean(axis=0).round(_DIGITS).tolist(),
        "deviation": np.maximum(values.std(axis=0), least).round(_DIGITS).tolist(),
    }


def count_found(train: list[Measured], tried: list[Measured]) -> list[dict[str, Any]]:
    """How often a mistake is found and a right naming doubted; a patient never knows itself.

    Returns:
        By thickness, number of images and kind of mistake (``""`` for none): how often it was
        doubted, named for what it is, and laid on an image that was named rightly; and tried.
    """
    counts: dict[tuple[int, int, str], Counter[str]] = defaultdict(Counter)
    own = {patient.patient for patient in train}
    whole = read_table(fit_table(train))
    for patient in tried:
        others = [other for other in train if other.patient != patient.patient]
        table = read_table(fit_table(others)) if patient.patient in own else whole
        for mistake, given in _trials(patient.present):
            names = tuple(given)
            naming = likeliest_naming(_renamed(patient.measures, given), names, table)
            true = in_terms_given(tuple(given.values()), names)
            changed = zip(names, naming, true, strict=True)
            counts[patient.slices_mm, len(given), mistake] += Counter(
                doubted=naming != names,
                named=naming == true,
                bystander=any(was != now and was == is_ for was, now, is_ in changed),
                tried=1,
            )
    return [
        {"slices_mm": mm, "images": images, "mistake": mistake}
        | {count: found[count] for count in COUNTS}
        for (mm, images, mistake), found in sorted(counts.items())
    ]


def format_appearance(results: Mapping[str, Any]) -> str:
    """A row for a number of images and a kind of mistake, of the patients held back."""
    header = ["Images", "Mistake", "Tried", "Doubted", "Named for what it is", "Another accused"]
    totals: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    for row in results[HELD_BACK]:
        totals[row["images"], _kind(row["mistake"])] += Counter({c: row[c] for c in COUNTS})
    rows = [
        [str(images), kind, *(str(found[c]) for c in ("tried", "doubted", "named", "bystander"))]
        for (images, kind), found in sorted(totals.items())
    ]
    return markdown_table(header, rows)


def _kind(mistake: str) -> str:
    if not mistake:
        return "none"
    return "two swapped" if mistake.endswith("swapped") else "one under another's name"


def _trials(present: Naming) -> Iterator[tuple[str, dict[str, str]]]:
    """A mistake, and the true modality by the one given."""
    subsets = itertools.chain.from_iterable(
        itertools.combinations(present, count) for count in range(2, len(present) + 1)
    )
    for images in subsets:
        true = dict(zip(images, images, strict=True))
        yield "", true
        for one, two in itertools.combinations(images, 2):
            yield f"{one} and {two} swapped", {**true, one: two, two: one}
        for one, name in itertools.product(images, MODALITIES):
            if name not in images and {one, name} != {"t1", "t1c"}:
                given = {name if image == one else image: image for image in images}
                yield f"{one} given as {name}", given


def _renamed(measures: Measures, true: Mapping[str, str]) -> Measures:
    return Measures(
        one={given: measures.one[image] for given, image in true.items()},
        pair={(a, b): measures.pair[true[a], true[b]] for a, b in itertools.permutations(true, 2)},
    )
