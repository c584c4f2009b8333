"""What the way from a hospital scan to a label map costs, step by step.

Each patient is scanned again as a hospital might have (:mod:`training.hospital.made_up_scan`),
prepared, segmented, and the answer brought back onto the grid of every sequence.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from common.axes import triple
from common.labels import labels_to_regions
from common.vocabulary import MODALITIES, REGIONS
from inference.case import Case
from inference.metrics import region_dice
from inference.network.segmentation import Segmentation
from inference.preparation.drawn_space import drawn_on
from inference.preparation.interpolation import read_once
from inference.preparation.native_space import ONE_HALF, cut_on, labels_on
from inference.preparation.poses import reference_of
from inference.preparation.prepare import Preparation, Sequence3D, prepare_examination
from inference.preparation.template import working_grid
from model_zoo.registry import ALL_MODELS
from training.data.patients import read_any, read_split, split_cases
from training.hospital.made_up_scan import MadeUpScan, scan_like_a_hospital
from training.results import markdown_table, provenance
from training.scoring.predictions import CONSENSUS, Predictions, segmentations
from training.scoring.summary import describe

Scores = dict[str, float]
# The original files, and their answer on the grid of the scan; the truth there and back, its
# regions read as an image is and cut once, as an answer is, or drawn on the working grid first;
# then the answer on the grid of each sequence, and what it is off the original.
ORIGINAL, ORIGINAL_ON, GEOMETRY, TWICE = "original", "original on t1c", "geometry", "drawn twice"
_ON_T1C: Final = "on t1c"
_LESS: Final = {f"{_ON_T1C} less {step}": (_ON_T1C, step) for step in (ORIGINAL, ORIGINAL_ON)}


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
        scan, preparation = _prepared(case, seed)
        original = segmentations(case, models)[CONSENSUS]
        answer = segmentations(preparation.case, models)[CONSENSUS]
        patients[case.name] = {
            "dice": _of_original(case, scan, original) | dict(_steps(scan, preparation, answer)),
            "error_mm": _errors(case, scan, preparation),
        }
    command = f"hospital --data DIR --split {split}"
    return {
        "split": split,
        **provenance(f"python -m training {command}", predictions.models),
        "patients": patients,
        "summary": _summary(patients, _LESS),
    }


def evaluate_geometry(data: Path, split: str) -> dict:
    """Bring the truth of every patient there and back, without a network.

    No network has to be kept from its own patients then, so this may be done with any.

    Args:
        data: As of :func:`evaluate_hospital`.
        split: As there; patients without all four sequences or regions are left out.

    Returns:
        As there, of ``GEOMETRY`` and ``TWICE`` alone.
    """
    patients = {}
    for seed, case in enumerate(_whole_cases(data, split)):
        scan, preparation = _prepared(case, seed)
        patients[case.name] = {
            "dice": dict(_there_and_back(scan, preparation)),
            "error_mm": _errors(case, scan, preparation),
        }
    command = f"hospital --data DIR --split {split} --geometry-alone"
    return {
        "split": split,
        **provenance(f"python -m training {command}"),
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


def _whole_cases(data: Path, split: str) -> Iterator[Case]:
    for name in split_cases(data, split):
        case = read_any(data, name)
        if case.present == MODALITIES and set(case.truth_regions) == set(REGIONS):
            yield case


def _prepared(case: Case, seed: int) -> tuple[MadeUpScan, Preparation]:
    scan = scan_like_a_hospital(case, seed=seed)
    preparation = prepare_examination(
        scan.images, name=case.name, find_brain=lambda image, _: image != 0
    )
    return scan, preparation


def _of_original(case: Case, scan: MadeUpScan, original: Segmentation) -> dict[str, Scores]:
    """What the original files are answered with, there and on the grid of the scan."""
    reference = reference_of(scan.truths)
    grid = next(image.grid for image in scan.images if image.modality == reference)
    there = drawn_on(original, of=case.grid, onto=grid, motion=scan.motions[reference])
    return {
        ORIGINAL: region_dice(original.labels, case.truth),
        ORIGINAL_ON: region_dice(there, scan.truths[reference]),
    }


def _there_and_back(scan: MadeUpScan, preparation: Preparation) -> Iterator[tuple[str, Scores]]:
    """The truth on the working grid, and again on the grid of the reference."""
    reference = reference_of(preparation.sequences)
    truth, sequence = scan.truths[reference], preparation.sequences[reference]
    there = {"of": sequence.grid, "onto": working_grid()}
    back = {"of": working_grid(), "onto": sequence.grid}
    motion, motion_back = sequence.from_working, _back(sequence)
    regions = labels_to_regions(truth).astype(np.float32)
    maps = np.stack([read_once(region, **there, motion=motion, sharply=True) for region in regions])
    whole = triple(slice(0, size) for size in maps.shape[1:])
    once = cut_on(maps, ONE_HALF, box=whole, **back, motion=motion_back)
    yield GEOMETRY, region_dice(once, truth)
    drawn = labels_on(truth, **there, motion=motion)
    yield TWICE, region_dice(labels_on(drawn, **back, motion=motion_back), truth)


def _steps(
    scan: MadeUpScan, preparation: Preparation, answer: Segmentation
) -> Iterator[tuple[str, Scores]]:
    yield from _there_and_back(scan, preparation)
    for modality, sequence in preparation.sequences.items():
        on_grid = drawn_on(answer, of=working_grid(), onto=sequence.grid, motion=_back(sequence))
        yield f"on {modality}", region_dice(on_grid, scan.truths[modality])


def _back(sequence: Sequence3D) -> np.ndarray:
    back: np.ndarray = np.linalg.inv(sequence.from_working)
    return back


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


def _summary(
    patients: Mapping[str, dict], less: Mapping[str, tuple[str, str]] | None = None
) -> dict[str, dict]:
    """The mean of each step with its interval; by ``less`` a step less another, by patient."""
    every = [patient["dice"] for patient in patients.values()]
    steps = {
        step: {region: describe(dice[step][region] for dice in every) for region in REGIONS}
        for step in every[0]
    }
    differences = {
        name: {
            region: describe(dice[one][region] - dice[other][region] for dice in every)
            for region in REGIONS
        }
        for name, (one, other) in (less or {}).items()
    }
    return steps | differences


def _with_interval(described: dict) -> str:
    interval = described["interval"]
    low_high = "" if interval is None else f" [{interval[0]:.3f}, {interval[1]:.3f}]"
    return f"{described['mean']:.3f}{low_high}"
