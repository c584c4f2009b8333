"""Scores of trained models per patient, as honestly as we know how."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from inference.case import Case
from inference.metrics import region_dice, region_volumes
from inference.metrics.lesions import region_lesion_scores
from inference.metrics.slices import false_positive_rate
from inference.metrics.surface import region_hd95
from inference.metrics.volume import volume_error
from inference.vocabulary import REGIONS
from training.data import read_grades
from training.predictions import Predictions
from training.results import CONVENTION, evaluation_command, markdown_table, provenance
from training.summary import Described, summarise


def evaluate(data: Path, split: str, names: tuple[str, ...]) -> dict:
    """Score models, and the consensus of several, on every patient of a split.

    Returns:
        ``{"split", "convention", "arithmetic", "machine", "command", "models": {NAME:
        {"weights", "patients": {CASE: {"grade"} and what :func:`score` gives}, "summary": what
        :func:`training.summary.summarise` gives}}}``.
    """
    predictions = Predictions(data, split, names)
    grades = read_grades(data)
    scores: dict[str, dict[str, dict]] = {}
    for case, found in predictions:
        for name, segmentation in found.items():
            patient = {"grade": grades.get(case.name)} | score(segmentation.labels, case)
            scores.setdefault(name, {})[case.name] = patient
    models = {
        name: {
            "weights": predictions.weights(name),
            "patients": patients,
            "summary": summarise(patients),
        }
        for name, patients in scores.items()
    }
    return {
        "split": split,
        "convention": CONVENTION,
        **provenance(evaluation_command("evaluate", split, names)),
        "models": models,
    }


def score(labels: np.ndarray, case: Case) -> dict:
    """All that is measured of one label map.

    Args:
        labels: (X, Y, Z) label map of a model.
        case: With its truth.

    Returns:
        By measure and region: Dice and HD95 over the whole volume and lesion by lesion, how many
        lesions were scored, found and drawn where none is, volumes and their signed error in ml
        and percent; the share of tumour-free slices in which tumour of any region is drawn, and
        how many slices are free of it.
    """
    lesions = region_lesion_scores(labels, case.truth, case.spacing)
    volumes, true_volumes = (
        region_volumes(each, case.voxel_volume_ml) for each in (labels, case.truth)
    )
    errors, percent = volume_error(volumes, true_volumes)
    rate, free = false_positive_rate(labels, case.truth)
    return {
        "dice": region_dice(labels, case.truth),
        "hd95_mm": region_hd95(labels, case.truth, case.spacing),
        "lesion_dice": {region: each.dice for region, each in lesions.items()},
        "lesion_hd95_mm": {region: each.hd95_mm for region, each in lesions.items()},
        "lesions": {region: each.counts() for region, each in lesions.items()},
        "volume_ml": volumes,
        "true_volume_ml": true_volumes,
        "volume_error_ml": errors,
        "volume_error_percent": percent,
        "false_positive_rate": rate,
        "tumour_free_slices": free,
    }


def format_results(results: dict) -> str:
    """Dice as a Markdown table: mean and interval, by model and grade."""
    header = ["Model", "Patients", *(f"{region.upper()} Dice" for region in REGIONS)]
    return _table(results, header, lambda group: [_interval(group["dice"][r]) for r in REGIONS])


def format_details(results: dict) -> str:
    """The other measures as a Markdown table: their means, by model and grade."""
    parts = {
        "HD95 mm": ("hd95_mm", "{:.1f}"),
        "lesion-wise Dice": ("lesion_dice", "{:.3f}"),
        "lesion-wise HD95 mm": ("lesion_hd95_mm", "{:.1f}"),
        "volume error ml": ("volume_error_ml", "{:.1f}"),
    }
    header = ["Model", "Patients", *(f"{title}, WT TC ET" for title in parts), "False slices"]

    def cells(group: dict) -> list[str]:
        means = [
            " ".join(style.format(group[measure][region]["mean"]) for region in REGIONS)
            for measure, style in parts.values()
        ]
        rate = group["false_positive_rate"]["mean"]
        return [*means, "none to judge" if rate is None else f"{rate:.1%}"]

    return _table(results, header, cells)


def _table(results: dict, header: list[str], cells: Callable[[dict], list[str]]) -> str:
    rows = [
        [name, f"{group['patients']} {title}", *cells(group)]
        for name, result in results["models"].items()
        for title, group in result["summary"].items()
    ]
    return markdown_table(header, rows)


def _interval(described: Described) -> str:
    interval = described["interval"]
    bounds = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f"{described['mean']:.3f}{bounds}"
