"""Scores of trained models per patient, and what they come to with an interval."""

import json
from pathlib import Path

import numpy as np
import torch

from inference.case import Case
from inference.engine import ready_for_inference, segment
from inference.export import write_whole
from inference.labels import labels_to_regions
from inference.metrics import region_dice
from inference.precision import has_fast_bfloat16
from inference.preprocess import prepare
from inference.segmentation import Segmentation, consensus
from inference.vocabulary import REGIONS
from model_zoo.weights import load_model
from training.data import read_grades, read_split, split_cases

_RESAMPLES = 10_000


def evaluate(data: Path, split: str, names: tuple[str, ...]) -> dict:
    """Score models, and the consensus of several, on every patient of a split.

    Returns:
        ``{"split", "convention", "arithmetic", "models": {NAME: {"weights", "patients": {CASE:
        {"grade", "dice", "false_positive_rate"}}, "summary"}}}``.
    """
    split_cases(data, split)  # a mistyped split is told before models are loaded
    loaded = {name: load_model(name) for name in names}
    models = {name: ready_for_inference(model) for name, (model, _) in loaded.items()}
    grades = read_grades(data)
    scores: dict[str, dict[str, dict]] = {}
    for case in read_split(data, split):
        for name, found in _segmentations(case, models).items():
            scores.setdefault(name, {})[case.name] = {"grade": grades.get(case.name)} | score(
                found.labels, case.truth
            )
    return {
        "split": split,
        "convention": "Dice of two empty masks is 1, of one empty mask 0",
        "arithmetic": "bfloat16" if has_fast_bfloat16(torch.device("cpu")) else "float32",
        "models": {
            name: {
                "weights": loaded[name][1].sha256 if name in loaded else None,
                "patients": patients,
                "summary": summarise(patients),
            }
            for name, patients in scores.items()
        },
    }


def _segmentations(case: Case, models: dict[str, torch.nn.Module]) -> dict[str, Segmentation]:
    prepared = prepare(case)
    found = {
        name: segment(case, model, name=name, prepared=prepared) for name, model in models.items()
    }
    if len(found) > 1:
        found["consensus"] = consensus(list(found.values()))
    return found


def score(labels: np.ndarray, truth: np.ndarray) -> dict:
    """Dice of the regions, and the share of tumour-free slices in which tumour is drawn.

    Args:
        labels: (X, Y, Z) label map of a model.
        truth: (X, Y, Z) label map of the expert.
    """
    return {
        "dice": region_dice(labels, truth),
        "false_positive_rate": false_positive_rate(labels, truth),
    }


def false_positive_rate(labels: np.ndarray, truth: np.ndarray) -> float | None:
    """Share of the axial slices without true tumour that hold any; None if there are none."""
    drawn, true = (labels_to_regions(each)[0].any(axis=(0, 1)) for each in (labels, truth))
    return float(drawn[~true].mean()) if (~true).any() else None


def summarise(patients: dict[str, dict]) -> dict[str, dict]:
    """Mean, median and 95 % bootstrap interval of the mean Dice, for all and for each grade."""
    grades = sorted({patient["grade"] for patient in patients.values()} - {None})
    groups = {"all": list(patients.values())} | {
        grade: [patient for patient in patients.values() if patient["grade"] == grade]
        for grade in grades
    }
    return {
        group: {"patients": len(members)}
        | {region: _describe([member["dice"][region] for member in members]) for region in REGIONS}
        for group, members in groups.items()
    }


def _describe(values: list[float]) -> dict[str, float | list[float] | None]:
    return {
        "mean": float(np.mean(values)),
        "median": float(np.median(values)),
        "interval": bootstrap_interval(values),
    }


def bootstrap_interval(values: list[float], *, share: float = 0.95) -> list[float] | None:
    """Percentile bootstrap interval of the mean (Efron 1979); None for a single patient."""
    if len(values) < 2:
        return None
    random = np.random.default_rng(0)
    drawn = random.choice(values, size=(_RESAMPLES, len(values))).mean(axis=1)
    return [float(edge) for edge in np.quantile(drawn, [(1 - share) / 2, (1 + share) / 2])]


def write_json(results: dict, file: Path) -> None:
    """Write results; the file appears whole or not at all."""
    text = json.dumps(results, indent=2) + "\n"
    write_whole(file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))


def format_results(results: dict) -> str:
    """The summary as a Markdown table: mean Dice and interval, by model and grade."""
    header = ["Model", "Patients", *(f"{region.upper()} Dice" for region in REGIONS)]
    rows = [header, ["---"] * len(header)]
    for name, result in results["models"].items():
        for group, summary in result["summary"].items():
            patients = f"{summary['patients']} {group}"
            rows.append([name, patients, *(_cell(summary[region]) for region in REGIONS)])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(summary: dict) -> str:
    interval = summary["interval"]
    bounds = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f"{summary['mean']:.3f}{bounds}"
