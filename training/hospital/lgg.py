"""The whole tumour of LGG heads, from slices with the skull on to labels on those slices.

Real heads with the skull, of three sequences (no T2) and a mask of the FLAIR abnormality (Buda,
Saha and Mazurowski 2019). Each goes the way that any examination goes, and is also shown to the
networks as it is, which is what they could do without that way.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from inference.case import Case
from inference.network.engine import ready_for_inference
from inference.preparation.brain.brain_finder import brain_finder
from inference.preparation.opened_case import OpenedCase, PreparationOptions, prepared
from inference.preparation.prepare import BrainFinder
from inference.study.examination import Examination
from model_zoo.registry import ALL_MODELS
from model_zoo.segmenter import Segmenter
from model_zoo.weights.loading import load_model
from training.brain_mask.data.lgg import patients_of
from training.data.lgg_heads import SAME_PERSON
from training.hospital.lgg_examination import as_it_is, lgg_examination
from training.results import markdown_table, provenance
from training.scoring.predictions import CONSENSUS, segmentations
from training.scoring.summary import describe

# The slices as they are, and the same after preparation; the third is what the second gains.
RAW, PREPARED, GAIN = "raw", "prepared", "gain"


def evaluate_lgg(folder: Path, split: str, persons: Path) -> dict:
    """Score the whole tumour of every head of a split, whom no network has seen.

    Args:
        folder: The LGG set.
        split: ``"train"``, ``"val"`` or ``"test"``.
        persons: Table of the set's patients with a column ``why`` that says who is also a
            training patient of BraTS; those are left out.

    Returns:
        By patient, the Dice of WT by step and model and what was done; for each step and model the
        mean, the median and the interval of the mean; likewise of the paired gain.
    """
    left_out = training_persons(persons)
    names = [name for name in patients_of(folder, split) if name not in left_out]
    models = {name: ready_for_inference(load_model(name)[0]) for name in ALL_MODELS}
    finder = brain_finder()
    patients = {
        name: _patient(lgg_examination(folder, name, split), models, finder) for name in names
    }
    command = f"hospital-lgg --lgg DIR --persons FILE --split {split}"
    return {
        "split": split,
        **provenance(f"python -m training {command}", models.values()),
        "left_out": [name for name in patients_of(folder, split) if name in left_out],
        "patients": patients,
        "summary": summary_of(patients),
    }


def training_persons(table: Path) -> set[str]:
    """The LGG patients who are, under another name, training patients of BraTS."""
    with table.open(newline="", encoding="utf-8") as stream:
        return {row["patient"] for row in csv.DictReader(stream) if SAME_PERSON in row["why"]}


def format_lgg(results: dict) -> str:
    """A row a model: mean and median Dice of WT, as the slices are and prepared, and the gain."""
    summary = results["summary"]
    rows = [
        [
            name,
            *(_with_interval(summary[step][name]) for step in (RAW, PREPARED)),
            f"{summary[PREPARED][name]['median']:.3f}",
            _with_interval(summary[GAIN][name]),
        ]
        for name in summary[PREPARED]
    ]
    return markdown_table(["Model", "as it is", "prepared", "median", "gain"], rows)


def summary_of(patients: Mapping[str, dict]) -> dict[str, dict]:
    """Mean, median and interval by step and model; the gain is paired by patient."""
    every = [patient["dice"] for patient in patients.values()]
    models = list(every[0][PREPARED])
    steps = {
        step: {name: describe(dice[step][name] for dice in every) for name in models}
        for step in (RAW, PREPARED)
    }
    gains = {
        name: describe(dice[PREPARED][name] - dice[RAW][name] for dice in every) for name in models
    }
    return steps | {GAIN: gains}


def _patient(
    examination: Examination, models: Mapping[str, Segmenter], finder: BrainFinder
) -> dict:
    opened = prepared(examination, PreparationOptions("always", find_brain=lambda: finder))
    report = opened.preparation.report() if opened.preparation else {}
    return {
        "dice": {
            RAW: dict(_whole_tumour(OpenedCase(as_it_is(examination)), models)),
            PREPARED: dict(_whole_tumour(opened, models)),
        },
        "truth_ml": round(_truth_ml(opened.as_it_came()), 1),
        **{key: report[key] for key in ("motion", "template", "brain_ml", "warnings")},
    }


def _whole_tumour(
    opened: OpenedCase, models: Mapping[str, Segmenter]
) -> Iterator[tuple[str, float]]:
    """Dice of WT by model on the slices' own grid."""
    there = opened.as_it_came()
    found = segmentations(opened.case, dict(models))
    for name in (*models, CONSENSUS):
        answer = opened.segmentation_as_it_came(found[name], with_probabilities=False)
        dice = answer.dice(there)
        if dice is not None:
            yield name, round(dice["wt"], 4)


def _truth_ml(case: Case) -> float:
    return float(np.count_nonzero(case.truth)) * case.voxel_volume_ml


def _with_interval(described: dict) -> str:
    interval = described["interval"]
    low_high = "" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]"
    return f"{described['mean']:.3f}{low_high}"
