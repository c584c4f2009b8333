"""What was tried to learn from, and what each is worth in folds."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from common.vocabulary import REGIONS
from workspace.benchmark.scores import Row
from workspace.models.evaluation_results import RESULTS, Results, read_json

FOLDER: Final = RESULTS / "learners"


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


def learners_rows(judged: Sequence[Results], group: str) -> list[Row]:
    """One row a recipe and way of scoring: what a group of patients gains in each region."""
    return [
        {"Learned from": results["about"].rstrip("."), "Scored": results["scored"]}
        | {
            region.upper(): _gain(results["difference"][group]["dice"][region])
            for region in REGIONS
        }
        for results in judged
    ]


def _gain(found: Results) -> str:
    mean = f"{found['mean']:+.3f}"
    if found["interval"] is None:
        return mean
    low, high = found["interval"]
    return f"{mean} [{low:+.3f}, {high:+.3f}]"
