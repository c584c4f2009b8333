"""What was tried to learn from, and what each is worth in folds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from common.vocabulary import REGIONS
from workspace.benchmark.scores import Row
from workspace.models.evaluation_results import RESULTS, Results, read_json

FOLDER: Final = RESULTS / "learners"
# What ``training cross-validate`` calls scans that were not changed.
AS_IT_IS: Final = "as they are"


def judged_learners(*, folder: Path = FOLDER) -> list[Results]:
    """What ``training cross-validate --against`` wrote of each, by the files' names."""
    found = [read_json(file) for file in sorted(folder.glob("*.json"))]
    return [results for results in found if results and "difference" in results]


def learners_sentence(judged: Sequence[Results]) -> str:
    """How they were held against each other, and what a figure says."""
    first = judged[0]
    return (
        f"A U-Net of half the width was trained for {first['steps']} steps of {first['batch']} "
        f"slices by each recipe, once for each of {first['folds']} folds, and "
        f"{first['difference']['all']['patients']} patients, none of them of the test, were scored "
        "by the network that had never seen them. A figure is the gain of Dice over whole patients "
        "alone, patient by patient, with its interval of 95 %: where that holds 0, nothing is "
        f"shown. Measured in {first['arithmetic']} on {first['machine']}."
    )


def ways_of_scoring(judged: Sequence[Results]) -> list[str]:
    """In what copies of their scans patients were scored, in words; as they are first."""
    return sorted(
        {results["scored"] for results in judged}, key=lambda way: (way != AS_IT_IS, len(way), way)
    )


def learners_rows(judged: Sequence[Results], group: str, scored: str) -> list[Row]:
    """One row a recipe: what a group of patients gains in each region, scored in one way."""
    return [
        {"Learned from besides": _besides(results["about"])}
        | {
            region.upper(): _gain(results["difference"][group]["dice"][region])
            for region in REGIONS
        }
        for results in judged
        if results["scored"] == scored
    ]


def _besides(about: str) -> str:
    what = about.removeprefix("And ").rstrip(".")
    return what[:1].upper() + what[1:]


def _gain(found: Results) -> str:
    mean = f"{found['mean']:+.3f}"
    if found["interval"] is None:
        return mean
    low, high = found["interval"]
    return f"{mean} [{low:+.3f}, {high:+.3f}]"
