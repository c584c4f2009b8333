"""How far a mistaken modality is told, counted on patients of one's own making."""

import itertools

import numpy as np

from common.vocabulary import MODALITIES
from inference.study.appearance import usual_looks
from inference.study.measures import Measures
from training.experiments.appearance import HELD_BACK, Measured, count_found, format_appearance


def patient(name, seed):
    """One whose modalities look as usual, but for a tenth of the usual deviation."""
    random = np.random.default_rng(seed)

    def near(names):
        mean, deviation = usual_looks()[names]
        return mean + 0.1 * deviation * random.standard_normal(len(mean))

    one = {modality: near((modality,)) for modality in MODALITIES}
    pair = {names: near(names) for names in itertools.permutations(MODALITIES, 2)}
    return Measured(name, 1, Measures(one, pair), MODALITIES)


def test_what_looks_as_usual_is_told_and_nobody_else_accused():
    train = [patient(f"train {seed}", seed) for seed in range(6)]
    found = count_found(train, [patient("other", 99)])
    of_all = [row for row in found if row["images"] == len(MODALITIES)]
    assert sum(row["tried"] for row in of_all) == 1 + 6
    for row in of_all:
        mistaken = row["mistake"] != ""
        assert row["doubted"] == mistaken
        assert row["named"] == 1
        assert row["bystander"] == 0


def test_the_table_counts_kinds_of_mistakes():
    rows = [
        {"slices_mm": mm, "images": 3, "mistake": mistake}
        | {"doubted": 1, "named": 2, "bystander": 0, "tried": 4}
        for mm in (1, 5)
        for mistake in ("", "t1 and t2 swapped", "t2 and flair swapped", "t2 given as flair")
    ]
    table = format_appearance({HELD_BACK: rows})
    assert "| 3 | none | 8 | 2 | 4 | 0 |" in table
    assert "| 3 | two swapped | 16 | 4 | 8 | 0 |" in table
    assert "| 3 | one under another's name | 8 | 2 | 4 | 0 |" in table
