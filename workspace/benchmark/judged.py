"""Recipes held against another one in folds, patient by patient."""

from collections.abc import Sequence
from pathlib import Path

from common.vocabulary import REGIONS
from workspace.benchmark.scores import Row
from workspace.models.evaluation_results import Results, read_json


def judged_recipes(folder: Path) -> list[Results]:
    """What ``training cross-validate --against`` wrote into a folder, by the files' names."""
    found = [read_json(file) for file in sorted(folder.glob("*.json"))]
    return [results for results in found if results and "difference" in results]


def trained_and_scored(judged: Sequence[Results]) -> str:
    """How long recipes were trained, in how many folds, and who was scored."""
    first, steps = judged[0], sorted({each["steps"] for each in judged})
    return (
        f"{' or '.join(map(str, steps))} steps of {first['batch']} slices, once for each of "
        f"{first['folds']} folds, and {first['difference']['all']['patients']} patients, none of "
        "them of the test, were scored by the network that had never seen them."
    )


def gains(judged: Results, group: str) -> Row:
    """By region what a group of patients gains, with the interval where there is one."""
    dice = judged["difference"][group]["dice"]
    return {region.upper(): _gain(dice[region]) for region in REGIONS}


def _gain(found: Results) -> str:
    mean = f"{found['mean']:+.3f}"
    if found["interval"] is None:
        return mean
    low, high = found["interval"]
    return f"{mean} [{low:+.3f}, {high:+.3f}]"
