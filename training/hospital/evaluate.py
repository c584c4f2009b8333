"""What the way from a hospital scan to a label map costs, step by step.

Each patient is scanned again as a hospital might have (:mod:`training.hospital.made_up_scan`),
prepared, segmented, and the answer brought back onto the grid of every sequence.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice
from inference.network.segmentation import Segmentation
from inference.preparation.native_space import labels_on
from inference.preparation.poses import reference_of
from inference.preparation.prepare import Preparation, prepare_examination
from inference.preparation.template import working_grid
from model_zoo.registry import ALL_MODELS
from training.data.patients import read_split
from training.hospital.made_up_scan import MadeUpScan, scan_like_a_hospital
from training.results import markdown_table, provenance
from training.scoring.predictions import CONSENSUS, Predictions, segmentations
from training.scoring.summary import describe

Scores = dict[str, float]
# The original files, the truth there and back, and the answer on the grid of each sequence.
ORIGINAL, GEOMETRY = "original", "geometry"


def evaluate_hospital(data: Path, split: str) -> dict:
    """Score every patient of a split on the original files and through a made-up hospital scan.

    Args:
        data: Folder with ``cases.csv`` and the cases.
        split: ``"train"``, ``"val"`` or ``"test"``.

    Returns:
        By patient and by step, the consensus' Dice of each region; the error of each measured
        motion in mm; and the mean and interval of each step.
    """
    predictions = Predictions(data, split, ALL_MODELS)
    models = dict(zip(ALL_MODELS, predictions.models, strict=True))
    patients = {}
    for seed, case in enumerate(read_split(data, split)):
        original = segmentations(case, models)[CONSENSUS]
        scan = scan_like_a_hospital(case, seed=seed)
        preparation = prepare_examination(
            scan.images, name=case.name, find_brain=lambda image, _: image != 0
        )
        answer = segmentations(preparation.case, models)[CONSENSUS]
        patients[case.name] = {
            "dice": {ORIGINAL: region_dice(original.labels, case.truth)}
            | dict(_steps(scan, preparation, answer)),
            "error_mm": _errors(case, scan, preparation),
        }
    command = f"hospital --data DIR --split {split}"
    return {
        "split": split,
        **provenance(f"python -m training {command}", predictions.models),
        "patients": patients,
        "summary": _summary(patients),
    }


def format_hospital(results: dict) -> str:
    """A row a step: the mean Dice of each region with its interval."""
    rows = [
        [step, *(_with_interval(regions[region]) for region in REGIONS)]
        for step, regions in results["summary"].items()
    ]
    return markdown_table(["Step", *(region.upper() for region in REGIONS)], rows)


def _steps(
    scan: MadeUpScan, preparation: Preparation, answer: Segmentation
) -> Iterator[tuple[str, Scores]]:
    reference = preparation.sequences[reference_of(preparation.sequences)]
    truth = scan.truths[reference_of(preparation.sequences)]
    there = labels_on(truth, of=reference.grid, onto=working_grid(), motion=reference.from_working)
    for modality, sequence in preparation.sequences.items():
        back = {"of": working_grid(), "onto": sequence.grid}
        motion = np.linalg.inv(sequence.from_working)
        if sequence is reference:
            yield GEOMETRY, region_dice(labels_on(there, **back, motion=motion), truth)
        on_grid = labels_on(answer.labels, **back, motion=motion)
        yield f"on {modality}", region_dice(on_grid, scan.truths[modality])


def _errors(case: Case, scan: MadeUpScan, preparation: Preparation) -> dict[str, float]:
    """How far the middle of the head lies from where it should, by modality, in mm."""
    reference = reference_of(preparation.sequences)
    middle = np.argwhere(case.volume.any(axis=0)).mean(axis=0)
    place = np.linalg.inv(scan.motions[reference]) @ case.grid.ras_affine @ [*middle, 1]
    return {
        modality: float(np.linalg.norm((sequence.pose.matrix - _true(scan, modality)) @ place))
        for modality, sequence in preparation.sequences.items()
        if modality != reference
    }


def _true(scan: MadeUpScan, modality: str) -> np.ndarray:
    """(4, 4) from the world of the reference to that of a sequence."""
    reference = reference_of(scan.motions)
    motion: np.ndarray = np.linalg.inv(scan.motions[modality]) @ scan.motions[reference]
    return motion


def _summary(patients: Mapping[str, dict]) -> dict[str, dict]:
    steps = next(iter(patients.values()))["dice"]
    return {
        step: {
            region: describe(each["dice"][step][region] for each in patients.values())
            for region in REGIONS
        }
        for step in steps
    }


def _with_interval(described: dict) -> str:
    interval = described["interval"]
    low_high = "" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]"
    return f"{described['mean']:.3f}{low_high}"
