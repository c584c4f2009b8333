"""How far several readings of one case agree: by voxel, and in figures.

A reading is one model on the scan, or on its left-right mirror image, mirrored back. Both ways to
several readings are old: models trained apart (Lakshminarayanan et al. 2017, Simple and Scalable
Predictive Uncertainty Estimation using Deep Ensembles) and changed inputs (Wang et al. 2019,
Aleatoric uncertainty estimation with test-time augmentation for medical image segmentation).

Agreement is not correctness. Models that learned from the same patients make the same mistakes,
and nothing here can show those.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS
from inference.metrics import dice
from inference.network.multi_plane import predict_volume
from inference.network.postprocess import draw_labels

if TYPE_CHECKING:
    from torch import nn

    from inference.network.preprocess import Prepared
    from model_zoo.weights.provenance import Provenance

# The last axis of (Z, C, H, W) slices runs from the patient's right to the left. A brain is nearly
# its own mirror image, and half of the training was mirrored so. On the four validation patients
# this cost a model at most 0.02 of its mean whole-tumour Dice. Exchanging front and back, which
# are not alike and which no network has seen exchanged, cost each 0.07 to 0.14: that adds mistakes.
_LEFT_RIGHT: Final = (..., slice(None, None, -1))

# Nearer to 0 or 1 than this a probability has 0.02 bits or less, and most of a brain is.
_SURE: Final = 0.002


def predict_mirrored(
    model: "nn.Module",
    prepared: "Prepared",
    *,
    progress: Callable[[float], None] | None = None,
) -> np.ndarray:
    """A model's prediction for the left-right mirror image of a case, mirrored back.

    Args:
        model: A network that answers logits, in evaluation mode.
        prepared: Of :func:`inference.network.preprocess.prepare`.
        progress: Called with the share of the work done, from 0 to 1.

    Returns:
        (3, x, y, z) float16 region probabilities, as of
        :func:`inference.network.multi_plane.predict_volume`.
    """
    from inference.network.engine import (  # torch, for whoever needs only the figures
        planes_of,
        predict,
    )

    mirrored = predict_volume(
        partial(predict, model),
        replace(prepared, slices=prepared.slices[_LEFT_RIGHT]),
        planes=planes_of(model),
        progress=progress,
    )
    return mirrored[:, ::-1]


def mirrored_by(
    model: "nn.Module",
    _weights: "Provenance | None",
    prepared: "Prepared",
    progress: Callable[[float], None] | None,
) -> np.ndarray:
    """As :func:`predict_mirrored`, in the form of what is done with a model wherever it is."""
    return predict_mirrored(model, prepared, progress=progress)


@dataclass(frozen=True)
class Agreement:
    """How far the readings agree on one region, counted in voxels.

    Args:
        voxels: What each reading draws, by its name.
        by_all: What all of them draw.
        disputed: What some draw and others do not.
        least_dice: The lowest Dice between two readings (two empty ones are 1).
        mean_dice: The mean over all pairs.
    """

    voxels: dict[str, int]
    by_all: int
    disputed: int
    least_dice: float
    mean_dice: float

    @property
    def least(self) -> int:
        """What the reading draws that draws least."""
        return min(self.voxels.values())

    @property
    def most(self) -> int:
        """What the reading draws that draws most."""
        return max(self.voxels.values())


@dataclass(frozen=True, eq=False)
class Maps:
    """Mean and uncertainty of all readings, each (3, x, y, z) float32 in the order of ``REGIONS``.

    Entropies are in bits: 0 is certain, 1 as likely as not. The first is the sum of the last two
    (Depeweg et al. 2018, Decomposition of Uncertainty in Bayesian Deep Learning), and is what
    Mehta et al. 2022, QU-BraTS, call the predictive entropy.

    Args:
        mean: The mean probability.
        uncertainty: Entropy of the mean probability.
        disagreement: The part of it that comes from the readings contradicting one another
            (their mutual information).
        indecision: The rest: the mean entropy of the readings themselves.
    """

    mean: np.ndarray
    uncertainty: np.ndarray
    disagreement: np.ndarray
    indecision: np.ndarray


class Tally:
    """Takes readings one after the other; of each it keeps the label map alone."""

    def __init__(self) -> None:
        self.labels: dict[str, np.ndarray] = {}
        self._sums: tuple[np.ndarray, np.ndarray] | None = None  # of probabilities, of entropies

    def add(self, name: str, probabilities: np.ndarray) -> None:
        """Count a reading in.

        Args:
            name: Unique among the readings.
            probabilities: (3, x, y, z) float in 0 to 1, of the same place as all others.

        Raises:
            ValueError: for a name that has been counted in.
        """
        if name in self.labels:
            raise ValueError(f"there is a reading {name!r} already")
        self.labels[name] = draw_labels(probabilities)
        if self._sums is None:
            shape = probabilities.shape
            self._sums = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        # Region by region: what stands beside the sums is a third as large.
        for total, entropy, region in zip(*self._sums, probabilities, strict=True):
            total += region
            entropy += binary_entropy(region)

    def maps(self) -> Maps:
        """Everything by voxel; ends the counting, since it needs the memory of the sums.

        Raises:
            ValueError: where no reading has been counted in, or the counting has ended.
        """
        if self._sums is None:
            raise ValueError("there are no readings to average")
        count = len(self.labels)
        mean, indecision = self._sums
        self._sums = None
        mean /= count
        indecision /= count
        uncertainty = np.stack([binary_entropy(region) for region in mean])
        # Below 0 by rounding alone: entropy is concave.
        disagreement = np.maximum(uncertainty - indecision, 0)
        return Maps(mean, uncertainty, disagreement, indecision)

    def agreement(self) -> dict[str, Agreement]:
        """How far the readings agree on WT, TC and ET."""
        return {region: agreement(self.labels, region) for region in REGIONS}


def agreement(label_maps: Mapping[str, np.ndarray], region: str) -> Agreement:
    """How far label maps of one shape agree on one of ``REGIONS``.

    Raises:
        ValueError: for fewer than two.
    """
    if len(label_maps) < 2:
        raise ValueError(f"agreement needs two readings, got {len(label_maps)}")
    masks = {name: region_mask(labels, region) for name, labels in label_maps.items()}
    by_all, by_any = _shared(list(masks.values()))
    scores = [dice(one, other) for one, other in combinations(masks.values(), 2)]
    return Agreement(
        voxels={name: int(np.count_nonzero(mask)) for name, mask in masks.items()},
        by_all=int(np.count_nonzero(by_all)),
        disputed=int(np.count_nonzero(by_any & ~by_all)),
        least_dice=min(scores),
        mean_dice=sum(scores) / len(scores),
    )


def disputed(label_maps: Mapping[str, np.ndarray], region: str) -> np.ndarray:
    """(X, Y, Z) bool: what some (X, Y, Z) label maps count to a region and others do not."""
    by_all, by_any = _shared([region_mask(labels, region) for labels in label_maps.values()])
    return by_any & ~by_all


def binary_entropy(probabilities: np.ndarray) -> np.ndarray:
    """Entropy in bits of yes-or-no answers with these probabilities; float32 of any shape."""
    # Before anything is compared: in float16 other values would count as sure.
    probabilities = np.asarray(probabilities, np.float32)
    entropy = np.zeros_like(probabilities)
    unsure = (probabilities > _SURE) & (probabilities < 1 - _SURE)
    p = probabilities[unsure]
    entropy[unsure] = -p * np.log2(p) - (1 - p) * np.log2(1 - p)
    return entropy


def _shared(masks: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """What all masks hold, and what any of them holds."""
    by_all, by_any = masks[0].copy(), masks[0].copy()
    for mask in masks[1:]:
        by_all &= mask
        by_any |= mask
    return by_all, by_any
