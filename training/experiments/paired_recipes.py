"""Two recipes on the same folds: what one is worth against the other, patient by patient."""

from pathlib import Path

from training.config import TrainingConfig
from training.experiments.cross_validation import cross_validate
from training.results import markdown_table
from training.scoring.summary import describe

MEASURES = {"dice": "Dice", "lesion_dice": "lesion-wise Dice"}


def compare_recipes(
    config: TrainingConfig,
    against: TrainingConfig,
    data: Path,
    *,
    folds: int,
    splits: tuple[str, ...],
    thick: float | None = None,
) -> dict:
    """Cross-validate two configurations and take the paired difference.

    Args:
        config: The recipe that is judged.
        against: The one it is held against.
        data: Folder with ``cases.csv`` and the cases.
        folds: Into how many the patients are dealt, alike for both.
        splits: Whose patients.
        thick: Score them in slices of so many mm, interpolated back; None for as they are.

    Returns:
        What :func:`training.experiments.cross_validation.cross_validate` gives of the first, with
        that of the second as ``"against"``, and as ``"difference"`` what
        :func:`paired_difference` gives.
    """
    base = cross_validate(against, data, folds=folds, splits=splits, thick=thick)
    results = cross_validate(config, data, folds=folds, splits=splits, thick=thick)
    return results | {
        "command": f"{results['command']} --against OTHER",
        "against": {key: base[key] for key in ("steps", "batch", "models")},
        "difference": paired_difference(_patients(results), _patients(base)),
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


def _cell(found: dict, patients: int) -> str:
    interval = found["interval"]
    bounds = f" [{interval[0]:+.3f}, {interval[1]:+.3f}]" if interval else ""
    return f"{found['mean']:+.3f}{bounds}, {found['better']} of {patients} better"


def _patients(results: dict) -> dict[str, dict]:
    [model] = results["models"].values()
    return model["patients"]
