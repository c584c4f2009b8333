"""Whether several networks together are better than the best of them, on patients none had seen."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tqdm import tqdm

from common.errors import InputError
from common.vocabulary import REGIONS
from training.config import TrainingConfig
from training.data.patients import read_grades
from training.experiments.combining import (
    Combine,
    fit_stacker,
    mean,
    mean_odds,
    stacked,
    staple,
    weighted,
)
from training.experiments.cross_validation import patients_of
from training.experiments.folds import Folds
from training.experiments.held_out_answers import HeldOut, held_out_answers
from training.experiments.paired_recipes import interval_cell, paired_difference
from training.results import CONVENTION, markdown_table, provenance
from training.scoring.summary import describe

_Scores = dict[str, dict]


def compare_consensus(
    configs: Sequence[TrainingConfig], data: Path, *, folds: int, splits: tuple[str, ...]
) -> dict:
    """Score every network, and every way of making one answer of them all.

    Ways that learn from answers (weights, a stacker) learn from the patients of the other folds.

    Args:
        configs: Of two networks or more; see :class:`training.experiments.folds.Folds`.
        data: Folder with ``cases.csv`` and the cases.
        folds: Into how many the patients are dealt, alike for all.
        splits: Whose patients.

    Returns:
        ``{"folds", "splits", "steps": {MODEL: N}, "convention", "arithmetic", "machine",
        "command", "best": MODEL, "patients": {MODEL|WAY: {CASE: {"grade", "dice",
        "lesion_dice"}}}, "difference": {WAY: as of
        :func:`training.experiments.paired_recipes.paired_difference`, against the best}}``. The
        best is the network of the highest mean Dice over patients and regions.

    Raises:
        InputError: of one network alone or the same twice; as of
            :class:`training.experiments.folds.Folds`.
    """
    models = [config.model for config in configs]
    if len(set(models)) < max(2, len(models)):
        raise InputError("A consensus needs configurations of two models or more, each once.")
    recipes = [Folds(config, data, patients_of(data, splits), folds) for config in configs]
    with TemporaryDirectory() as folder:
        answers = list(held_out_answers(recipes, data, Path(folder)))
        grades = read_grades(data)
        singles = {
            model: {each.name: _score(each, number, grades) for each in answers}
            for number, model in enumerate(models)
        }
        together = _together(answers, singles, grades)
    best = max(models, key=lambda model: _mean_dice(singles[model].values()))
    options = f"--folds {folds} --split {' '.join(splits)}"
    return {
        "folds": folds,
        "splits": list(splits),
        "steps": {config.model: config.steps for config in configs},
        "convention": CONVENTION,
        **provenance(f"python -m training consensus CONFIGS --data DIR {options}"),
        "best": best,
        "patients": singles | together,
        "difference": {
            way: paired_difference(found, singles[best]) for way, found in together.items()
        },
    }


def _together(
    answers: Sequence[HeldOut], singles: Mapping[str, _Scores], grades: Mapping[str, str]
) -> dict[str, _Scores]:
    found: dict[str, _Scores] = {}
    for fold in sorted({each.fold for each in answers}):
        others = [each for each in answers if each.fold != fold]
        ways = _ways(others, singles)
        for each in tqdm([each for each in answers if each.fold == fold], desc="combine"):
            probabilities = each.probabilities()
            for way, combine in ways.items():
                score = {"grade": grades.get(each.name)} | each.score(combine(probabilities))
                found.setdefault(way, {})[each.name] = score
    return found


def _score(answer: HeldOut, number: int, grades: Mapping[str, str]) -> dict:
    return {"grade": grades.get(answer.name)} | answer.score(answer.probabilities()[number])


def _ways(others: Sequence[HeldOut], singles: Mapping[str, _Scores]) -> dict[str, Combine]:
    """Ways by their names; those that learn do so from these answers alone."""
    dice = [
        [np.mean([scores[each.name]["dice"][region] for each in others]) for region in REGIONS]
        for scores in singles.values()
    ]
    return {
        "mean": mean,
        "mean of log odds": mean_odds,
        "weighted by Dice": weighted(np.array(dice)),
        "STAPLE": staple,
        "stacker": stacked(fit_stacker(each.samples for each in others)),
    }


def _mean_dice(patients: Iterable[dict]) -> float:
    return float(np.mean([list(patient["dice"].values()) for patient in patients]))


def format_consensus(results: dict) -> str:
    """Mean Dice of every network and way by group, then what each way gains, as Markdown tables."""
    patients = results["patients"]
    groups = {group: found["patients"] for group, found in _first_difference(results).items()}
    means = [
        [name, f"{count} {group}", *_means(patients[name], group)]
        for name in patients
        for group, count in groups.items()
    ]
    gains = [
        [way, f"{count} {group}", *(interval_cell(found[group]["dice"][r]) for r in REGIONS)]
        for way, found in results["difference"].items()
        for group, count in groups.items()
    ]
    regions = [region.upper() for region in REGIONS]
    return "\n\n".join(
        [
            markdown_table(["Answer", "Patients", *(f"{r} Dice" for r in regions)], means),
            markdown_table([f"Against {results['best']}", "Patients", *regions], gains),
        ]
    )


def _first_difference(results: dict) -> dict:
    return next(iter(results["difference"].values()))


def _means(patients: Mapping[str, dict], group: str) -> list[str]:
    members = [each for each in patients.values() if group in ("all", each["grade"])]
    described = (describe(each["dice"][region] for each in members) for region in REGIONS)
    return [f"{found['mean']:.3f}" for found in described]
