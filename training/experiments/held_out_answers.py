"""What several networks answer for patients that none of them had seen, kept on the disk."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from torch import nn
from tqdm import tqdm

from common.vocabulary import REGION_LABELS, REGIONS
from inference.case import Case
from inference.metrics import region_dice
from inference.metrics.lesions import region_lesion_scores
from inference.network.engine import segment
from inference.network.preprocess import Box, prepare
from inference.network.segmentation import label_map
from training.data.patients import read_cases
from training.experiments.cross_validation import SPLIT
from training.experiments.folds import Folds

# Voxels of a patient of which a way to combine networks may learn.
_VOXELS: Final = 20_000
# Below it in all networks a voxel is out of question, and most of a brain is.
_IN_QUESTION: Final = 0.01


@dataclass(frozen=True)
class HeldOut:
    """One patient's answers.

    Args:
        name: Of the patient.
        fold: In which the patient was, counted from 1.
        truth: (X, Y, Z) label map.
        spacing: Voxel size in mm.
        box: Where the probabilities lie in it.
        file: Which they lie in.
        samples: (M, 3, n) probabilities of M networks and (3, n) bool truth of some voxels.
    """

    name: str
    fold: int
    truth: np.ndarray
    spacing: tuple[float, float, float]
    box: Box
    file: Path
    samples: tuple[np.ndarray, np.ndarray]

    def probabilities(self) -> np.ndarray:
        """(M, 3, x, y, z) float32 of the networks, in their order."""
        return np.load(self.file).astype(np.float32)

    def score(self, probabilities: np.ndarray) -> dict[str, dict[str, float]]:
        """Dice and lesion-wise Dice of (3, x, y, z) probabilities, drawn as the app draws."""
        kept = probabilities.astype(np.float16)  # as inference keeps them
        labels = label_map(kept, self.box, self.truth.shape)
        lesions = region_lesion_scores(labels, self.truth, self.spacing)
        return {
            "dice": region_dice(labels, self.truth),
            "lesion_dice": {region: score.dice for region, score in lesions.items()},
        }


def held_out_answers(recipes: Sequence[Folds], data: Path, folder: Path) -> Iterator[HeldOut]:
    """Every patient once, by the networks of the patient's own fold.

    Args:
        recipes: Folds of the same patients, dealt alike; one of each network.
        data: Folder with ``cases.csv`` and the cases.
        folder: Where to keep the probabilities.

    Raises:
        InputError: as of :meth:`training.experiments.folds.Folds.network`.
    """
    for fold, names in enumerate(recipes[0].dealt, 1):
        networks = [recipe.network(fold) for recipe in recipes]
        cases = read_cases(data, names)
        for case in tqdm(cases, desc=f"answer fold {fold}", total=len(names), unit="case"):
            yield _answered(case, networks, fold, folder)


def _answered(case: Case, networks: Sequence[nn.Module], fold: int, folder: Path) -> HeldOut:
    assert case.truth is not None
    prepared = prepare(case)
    found = [segment(case, each, name=SPLIT, prepared=prepared) for each in networks]
    probabilities = np.stack([each.probabilities for each in found])
    file = folder / f"{case.name}.npy"
    np.save(file, probabilities)
    samples = _samples(probabilities, case.truth[prepared.box])
    return HeldOut(case.name, fold, case.truth, case.spacing, prepared.box, file, samples)


def _samples(probabilities: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    likely = probabilities.max(axis=(0, 1)) > _IN_QUESTION
    asked = np.flatnonzero(likely | (truth > 0))
    random = np.random.default_rng(0)
    chosen = random.choice(asked, min(_VOXELS, len(asked)), replace=False)
    answered = probabilities.reshape(*probabilities.shape[:2], -1)[:, :, chosen]
    labels = truth.ravel()[chosen]
    there = np.stack([np.isin(labels, REGION_LABELS[region]) for region in REGIONS])
    return answered.astype(np.float32), there
