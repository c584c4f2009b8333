"""What was tried to learn from, and what each is worth in folds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from workspace.benchmark.judged import gains, judged_recipes, trained_and_scored
from workspace.benchmark.scores import Row
from workspace.models.evaluation_results import RESULTS, Results

FOLDER: Final = RESULTS / "learners"
# What ``training cross-validate`` calls scans that were not changed.
AS_IT_IS: Final = "as they are"


def judged_learners(*, folder: Path = FOLDER) -> list[Results]:
    """As :func:`workspace.benchmark.judged.judged_recipes`."""
    return judged_recipes(folder)


def learners_sentence(judged: Sequence[Results]) -> str:
    """How they were held against each other, and what a figure says."""
    first = judged[0]
    return (
        f"By each recipe a U-Net of half the width was trained for {trained_and_scored(judged)} A "
        "figure is the gain of Dice over whole patients alone, patient by patient, with its "
        "interval of 95 %: where that holds 0, nothing is shown. "
        f"Measured in {first['arithmetic']} on {first['machine']}."
    )


def ways_of_scoring(judged: Sequence[Results]) -> list[str]:
    """In what copies of their scans patients were scored, in words; as they are first."""
    return sorted(
        {results["scored"] for results in judged}, key=lambda way: (way != AS_IT_IS, len(way), way)
    )


def learners_rows(judged: Sequence[Results], group: str, scored: str) -> list[Row]:
    """One row a recipe: what a group of patients gains in each region, scored in one way."""
    return [
        {"Learned from besides": _besides(results["about"])} | gains(results, group)
        for results in judged
        if results["scored"] == scored
    ]


def _besides(about: str) -> str:
    what = about.removeprefix("And ").rstrip(".")
    return what[:1].upper() + what[1:]
