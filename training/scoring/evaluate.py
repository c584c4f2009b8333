"""Scores of trained models per patient, as honestly as we know how."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from common.errors import InputError
from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice, region_volumes
from inference.metrics.lesions import region_lesion_scores
from inference.metrics.slices import false_positive_rate
from inference.metrics.surface import region_hd95
from inference.metrics.volumes import volume_error
from training.data.patients import read_grades
from training.results import CONVENTION, markdown_table, provenance
from training.scoring.evaluation_options import (
    DEFAULT_OPTIONS,
    EvaluationOptions,
    evaluation_command,
)
from training.scoring.pixel_scores import count_slices, pixel_scores
from training.scoring.predictions import Predictions
from training.scoring.slice_counts import SliceCounts
from training.scoring.summary import Described, summarise


def evaluate(
    data: Path,
    split: str,
    names: tuple[str, ...],
    evaluation_options: EvaluationOptions = DEFAULT_OPTIONS,
) -> dict:
    """Score models, and the consensus of several, on every patient of a split.

    Args:
        data: Folder with ``cases.csv`` and the cases.
        split: ``"train"``, ``"val"`` or ``"test"``.
        names: Models.
        evaluation_options: How the models are run.

    Returns:
        ``{"split", "convention", "unread": {CASE: why}, "arithmetic", "machine", "command",
        "models": {NAME:
        {"weights", "int8_sha256", "patients": {CASE: {"grade"} and what :func:`score` gives},
        "summary": what :func:`training.scoring.summary.summarise` gives, "pixels": what
        :func:`training.scoring.pixel_scores.pixel_scores` gives}}}``. A patient who cannot be read
        has no part in any score and is named in ``"unread"``, which is there only then.

    Raises:
        InputError: for a split that is not in the table, and where no patient of it can be read.
    """
    unread: dict[str, str] = {}
    predictions = Predictions(
        data, split, names, evaluation_options, lambda name, why: unread.update({name: str(why)})
    )
    grades = read_grades(data)
    scores: dict[str, dict[str, dict]] = {}
    slices: dict[str, list[SliceCounts]] = {}
    regions: dict[str, tuple[str, ...]] = {}
    for case, found in predictions:
        for name, segmentation in found.items():
            scored = tuple(r for r in segmentation.regions if r in case.truth_regions)
            patient = {"grade": grades.get(case.name)} | score(segmentation.labels, case, scored)
            scores.setdefault(name, {})[case.name] = patient
            slices.setdefault(name, []).append(count_slices(segmentation.labels, case.truth))
            regions[name] = scored
    if not scores:
        raise InputError(next(iter(unread.values())))
    models = {
        name: {
            "weights": predictions.weights(name),
            "int8_sha256": predictions.int8_weights(name),
            "patients": patients,
            "summary": summarise(patients),
            "pixels": pixel_scores(slices[name], regions[name]),
        }
        for name, patients in scores.items()
    }
    return {
        "split": split,
        "convention": CONVENTION,
        **({"unread": unread} if unread else {}),
        **provenance(
            evaluation_command("evaluate", split, names, evaluation_options), predictions.models
        ),
        "models": models,
    }


def score(labels: np.ndarray, case: Case, regions: tuple[str, ...] = REGIONS) -> dict:
    """All that is measured of one label map.

    Args:
        labels: (X, Y, Z) label map of a model.
        case: With its truth.
        regions: Those that both the model answers and the truth covers.

    Returns:
        By measure and region: Dice and HD95 over the whole volume and lesion by lesion, how many
        lesions were scored, found and drawn where none is, volumes and their signed error in ml
        and percent; the share of tumour-free slices in which tumour of any region is drawn, and
        how many slices are free of it. Where the size of a voxel is not known there is nothing in
        mm or ml, but the pixels drawn and true.
    """
    rate, free = false_positive_rate(labels, case.truth)
    measures = _in_millimetres(labels, case) if case.voxel_size_known else _in_pixels(labels, case)
    measures = {"dice": region_dice(labels, case.truth)} | measures
    by_region = {
        measure: {region: values[region] for region in regions}
        for measure, values in measures.items()
    }
    return by_region | {"false_positive_rate": rate, "tumour_free_slices": free}


def _in_pixels(labels: np.ndarray, case: Case) -> dict[str, dict]:
    return {"pixels": region_volumes(labels, 1), "true_pixels": region_volumes(case.truth, 1)}


def _in_millimetres(labels: np.ndarray, case: Case) -> dict[str, dict]:
    lesions = region_lesion_scores(labels, case.truth, case.spacing)
    volumes, true_volumes = (
        region_volumes(each, case.voxel_volume_ml) for each in (labels, case.truth)
    )
    errors, percent = volume_error(volumes, true_volumes)
    return {
        "hd95_mm": region_hd95(labels, case.truth, case.spacing),
        "lesion_dice": {region: each.dice for region, each in lesions.items()},
        "lesion_hd95_mm": {region: each.hd95_mm for region, each in lesions.items()},
        "lesions": {region: each.counts() for region, each in lesions.items()},
        "volume_ml": volumes,
        "true_volume_ml": true_volumes,
        "volume_error_ml": errors,
        "volume_error_percent": percent,
    }


def format_results(results: dict) -> str:
    """Dice as a Markdown table: mean and interval, by model and grade."""
    regions = _regions(results)
    header = ["Model", "Patients", *(f"{region.upper()} Dice" for region in regions)]
    return _table(results, header, lambda group: [_interval(group["dice"][r]) for r in regions])


def _regions(results: dict) -> list[str]:
    """The regions that any of the models was scored on."""
    summaries = [model["summary"]["all"]["dice"] for model in results["models"].values()]
    return [region for region in REGIONS if all(region in dice for dice in summaries)]


def format_pixels(results: dict) -> str:
    """The whole tumour pixel by pixel, as earlier projects scored, as a Markdown table."""
    measures = ("dice", "accuracy", "precision", "recall", "specificity")
    header = ["Model", "Slices", "Dice a slice", "IoU a slice", *(f"{m}, pooled" for m in measures)]
    rows = []
    for name, model in results["models"].items():
        for key, title in (("over_tumour_slices", "tumour"), ("over_all_slices", "all")):
            found = model["pixels"][key]["wt"]
            each = [found.get(measure) for measure in ("slice_dice", "slice_iou", *measures)]
            rows.append([name, title, *("" if v is None else f"{v:.4f}" for v in each)])
    return markdown_table(header, rows)


def format_details(results: dict) -> str:
    """The other measures as a Markdown table: their means, by model and grade."""
    parts = {
        "HD95 mm": ("hd95_mm", "{:.1f}"),
        "lesion-wise Dice": ("lesion_dice", "{:.3f}"),
        "lesion-wise HD95 mm": ("lesion_hd95_mm", "{:.1f}"),
        "volume error ml": ("volume_error_ml", "{:.1f}"),
    }
    regions = _regions(results)
    measured = next(iter(results["models"].values()))["summary"]["all"]
    parts = {title: part for title, part in parts.items() if part[0] in measured}
    listed = " ".join(region.upper() for region in regions)
    header = ["Model", "Patients", *(f"{title}, {listed}" for title in parts), "False slices"]

    def cells(group: dict) -> list[str]:
        means = [
            " ".join(style.format(group[measure][region]["mean"]) for region in regions)
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
