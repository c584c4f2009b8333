"""Two recipes on the same folds: what one is worth against the other, patient by patient."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from common.errors import InputError
from training.results import markdown_table
from training.scoring.summary import describe

MEASURES = {"dice": "Dice", "lesion_dice": "lesion-wise Dice"}
# What has to be alike for two scores of one patient to be a pair, and how it is said.
_SCORED_BY: Final = {
    "folds": "folds",
    "splits": "splits",
    "slices_mm": "thickness of slices",
    "enhancement": "enhancement",
}


def read_scores(file: Path, **scored_by: Any) -> dict:
    """What ``cross-validate --json`` wrote, to hold another recipe against.

    Args:
        file: It.
        scored_by: How the other recipe is to be scored: ``"folds"``, ``"splits"``,
            ``"slices_mm"``, ``"enhancement"``.

    Raises:
        InputError: if it is something else, or was scored otherwise.
    """
    try:
        base = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{file} is not there.") from None
    except ValueError:
        base = None
    if not isinstance(base, dict) or not base.keys() >= {*_SCORED_BY, "models"}:
        raise InputError(f"{file} holds no scores that cross-validate --json wrote.")
    other = [said for key, said in _SCORED_BY.items() if base[key] != scored_by[key]]
    if other:
        raise InputError(
            f"{file} was scored with other {' and '.join(other)}; give the same, or a "
            "configuration instead."
        )
    return base


def compare_recipes(results: dict, base: dict, other: Path) -> dict:
    """What one recipe is worth against another on the same folds.

    Args:
        results: What :func:`training.experiments.cross_validation.cross_validate` gives of the
            recipe that is judged.
        base: The same of the one it is held against.
        other: The configuration of that, or the file with its scores.

    Returns:
        ``results``, with what the difference needs of the second as ``"against"``, and as
        ``"difference"`` what :func:`paired_difference` gives.

    Raises:
        InputError: if they are of different patients.
    """
    first, second = _patients(results), _patients(base)
    if first.keys() != second.keys():
        raise InputError(f"{other} is of other patients than those scored here.")
    return results | {
        "command": f"{results['command']} --against {other.as_posix()}",
        "against": {key: base[key] for key in ("about", "steps", "batch", "machine")}
        | {"patients": {name: _paired(patient) for name, patient in second.items()}},
        "difference": paired_difference(first, second),
    }


def paired_difference(first: dict[str, dict], second: dict[str, dict]) -> dict[str, dict]:
    """The first minus the second, for all patients and for each grade.

    Args:
        first: By case, what :func:`training.scoring.evaluate.score` gives and the ``"grade"``.
        second: The same of the same patients.

    Returns:
        Of the measures and regions that every patient has:
        ``{"all"|GRADE: {"patients", MEASURE: {REGION: {"mean", "median", "interval", "better"}}}}``
        with the 95 % bootstrap interval over patients, and how many are better.

    Raises:
        ValueError: if they are of different patients.
    """
    if first.keys() != second.keys():
        raise ValueError("a paired difference needs the same patients on both sides")
    one = next(iter(first.values()))
    grades = sorted({patient["grade"] for patient in first.values()} - {None})
    groups = {"all": list(first)} | {
        grade: [name for name in first if first[name]["grade"] == grade] for grade in grades
    }
    return {
        group: {"patients": len(names)}
        | {
            measure: {
                region: _difference(
                    [(first[n][measure], second[n][measure]) for n in names], region
                )
                for region in one[measure]
            }
            for measure in MEASURES
            if measure in one
        }
        for group, names in groups.items()
    }


def _difference(pairs: list[tuple[dict, dict]], region: str) -> dict:
    gains = [one[region] - other[region] for one, other in pairs]
    return describe(gains) | {"better": sum(gain > 0 for gain in gains)}


def format_difference(results: dict) -> str:
    """The paired differences as a Markdown table: mean, interval and how many are better."""
    regions = list(results["difference"]["all"]["dice"])
    header = ["Measure", "Patients", *(region.upper() for region in regions)]
    rows = [
        [
            title,
            f"{found['patients']} {group}",
            *(_cell(found[measure][region], found["patients"]) for region in regions),
        ]
        for group, found in results["difference"].items()
        for measure, title in MEASURES.items()
        if measure in found
    ]
    return markdown_table(header, rows)


def format_judged(judged: Iterable[dict]) -> str:
    """What several recipes are worth, a row each and group of patients, as a Markdown table.

    Args:
        judged: What :func:`compare_recipes` gives of each, all held against one recipe.
    """
    judged = list(judged)
    regions = list(judged[0]["difference"]["all"]["dice"])
    header = ["Change", "Scored", "Patients", *(region.upper() for region in regions)]
    rows = [
        [
            results["about"].rstrip("."),
            results["scored"],
            f"{found['patients']} {group}",
            *(interval_cell(found["dice"][region]) for region in regions),
        ]
        for results in judged
        for group, found in results["difference"].items()
    ]
    return markdown_table(header, rows)


def interval_cell(found: dict) -> str:
    """A mean difference with its interval, both with their signs."""
    interval = found["interval"]
    bounds = f" [{interval[0]:+.3f}, {interval[1]:+.3f}]" if interval else ""
    return f"{found['mean']:+.3f}{bounds}"


def _cell(found: dict, patients: int) -> str:
    return f"{interval_cell(found)}, {found['better']} of {patients} better"


def _paired(patient: dict) -> dict:
    return {key: value for key, value in patient.items() if key in {"grade", *MEASURES}}


def _patients(results: dict) -> dict[str, dict]:
    [model] = results["models"].values()
    return model["patients"]
