"""What each way of drawing regions from probabilities is worth, on patients no network had seen.

The networks are those of a cross-validation over the patients of training and validation, so that
choosing a rule by it touches no patient of the test split.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from tqdm import tqdm

from common.labels import regions_to_labels
from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice
from inference.metrics.lesions import region_lesion_scores
from inference.network.engine import segment
from inference.network.postprocess import RULE, DrawingRule, draw_regions, thresholds
from inference.network.preprocess import uncrop
from inference.network.segmentation import Segmentation
from training.config import TrainingConfig
from training.data.patients import read_cases, read_grades
from training.experiments.cross_validation import patients_of
from training.experiments.folds import Folds
from training.results import CONVENTION, markdown_table, provenance

_SPLITS = ("train", "val")
MEASURES = ("dice", "lesion_dice")
# One thing changed at a time. A share of 0 or of everything turns a part off.
RULES: dict[str, tuple[str, DrawingRule]] = {
    "drawn": ("As the app draws.", RULE),
    "at_one_half": (
        "Every region above one half, specks and all.",
        replace(RULE, hardly_enhancing=0, nothing_enhances=0, speck=0),
    ),
    "no_specks": (
        "Every region above one half, without specks.",
        replace(RULE, hardly_enhancing=0, nothing_enhances=0),
    ),
    **{
        f"hardly_{share}": (
            f"A tumour hardly enhances below {100 * share:.1f} % of it.",
            replace(RULE, hardly_enhancing=share),
        )
        for share in (0.005, 0.01, 0.02, 0.08)
    },
    **{
        f"core_{share}": (
            f"The likeliest {100 * share:.0f} % are core.",
            replace(RULE, core_share=share),
        )
        for share in (0.2, 0.3, 0.5, 0.6)
    },
    **{
        f"whole_{least}": (f"Whole tumour above {least}.", replace(RULE, whole=least))
        for least in (0.125, 0.375, 0.5)
    },
    **{
        f"nothing_{share}": (
            f"ET is left out below {100 * share:.1f} % of it.",
            replace(RULE, nothing_enhances=share),
        )
        for share in (0.0, 0.002, 0.01)
    },
    **{
        f"speck_{share}": (
            f"Specks are pieces below {100 * share:.0f} %.",
            replace(RULE, speck=share),
        )
        for share in (0.01, 0.03, 0.2, 0.5)
    },
}


def compare_drawing(config: TrainingConfig, data: Path, *, folds: int) -> dict:
    """Score every patient of training and validation under each rule of drawing.

    Args:
        config: See :class:`training.experiments.cross_validation.Folds`.
        data: Folder with ``cases.csv`` and the cases.
        folds: Into how many the patients are dealt.

    Returns:
        ``{"about", "folds", "steps", "convention", "arithmetic", "machine", "command", "rows":
        [{"name", "sentence", "group", "patients", "dice": {REGION: mean}, "lesion_dice": {REGION:
        mean}}], "patients": {CASE: {"grade", "dice": {RULE: {REGION: Dice}}, "lesion_dice": {RULE:
        {REGION: Dice}}}}}``.

    Raises:
        InputError: see :class:`training.experiments.cross_validation.Folds`.
    """
    grades = read_grades(data)
    patients = {
        case.name: {"grade": grades.get(case.name)} | _scores(found, case)
        for case, found in _held_out(config, data, folds)
    }
    return {
        "about": "Patients of training and validation, each segmented by a network that was "
        "trained on the others; mean Dice of the whole region and lesion by lesion, none of the "
        "test split.",
        "folds": folds,
        "steps": config.steps,
        "convention": CONVENTION,
        **provenance(f"python -m training drawing CONFIG --data DIR --folds {folds}"),
        "rows": _rows(patients),
        "patients": patients,
    }


def _held_out(
    config: TrainingConfig, data: Path, folds: int
) -> Iterator[tuple[Case, Segmentation]]:
    networks = Folds(config, data, patients_of(data, _SPLITS), folds)
    for fold, names in enumerate(networks.dealt, 1):
        network = networks.network(fold)
        title = f"draw fold {fold} of {folds}"
        for case in tqdm(read_cases(data, names), desc=title, total=len(names), unit="case"):
            yield case, segment(case, network, name=config.model)


def _scores(found: Segmentation, case: Case) -> dict[str, dict[str, dict[str, float]]]:
    """By measure, rule and region; rules that demand the same of this scan are scored once."""
    demands = {
        name: (thresholds(found.probabilities, rule), rule.speck)
        for name, (_, rule) in RULES.items()
    }
    different = {what: RULES[name][1] for name, what in demands.items()}
    scores = {what: _score(found, case, rule) for what, rule in different.items()}
    return {
        measure: {name: scores[what][measure] for name, what in demands.items()}
        for measure in MEASURES
    }


def _score(found: Segmentation, case: Case, rule: DrawingRule) -> dict[str, dict[str, float]]:
    in_box = regions_to_labels(draw_regions(found.probabilities, rule=rule))
    labels = uncrop(in_box, found.box, case.shape)
    lesions = region_lesion_scores(labels, case.truth, case.spacing)
    by_lesion = {region: score.dice for region, score in lesions.items()}
    return dict(zip(MEASURES, (region_dice(labels, case.truth), by_lesion), strict=True))


def _rows(patients: dict[str, dict]) -> list[dict]:
    known = sorted({patient["grade"] for patient in patients.values() if patient["grade"]})
    return [
        _row(name, sentence, group, patients)
        for name, (sentence, _) in RULES.items()
        for group in ("all", *known)
    ]


def _row(name: str, sentence: str, group: str, patients: dict[str, dict]) -> dict:
    members = [each for each in patients.values() if group in ("all", each["grade"])]
    means = {
        measure: {
            region: float(np.mean([each[measure][name][region] for each in members]))
            for region in REGIONS
        }
        for measure in MEASURES
    }
    counted = {"group": group, "patients": len(members)}
    return {"name": name, "sentence": sentence, **counted, **means}


def format_drawing(results: dict) -> str:
    """A Markdown table, a row a rule and group."""
    titles = {"dice": "Dice", "lesion_dice": "lesion-wise"}
    columns = [(measure, region) for measure in MEASURES for region in REGIONS]
    named = (f"{region.upper()} {titles[measure]}" for measure, region in columns)
    header = ["Drawing", "Patients", *named]
    rows = [
        [
            row["sentence"],
            f"{row['patients']} {row['group']}",
            *(f"{row[measure][region]:.3f}" for measure, region in columns),
        ]
        for row in results["rows"]
    ]
    return markdown_table(header, rows)
