"""The prediction of one model, or the consensus of several, for one case."""

import time
from dataclasses import dataclass, field
from functools import cached_property
from math import nan

import numpy as np

from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice, region_volumes
from inference.network.postprocess import draw_labels, is_core_estimated
from inference.network.preprocess import Box, uncrop
from model_zoo.weights.provenance import Provenance

_MODEL_PARTS = ("preprocess", "predict", "postprocess")


@dataclass(frozen=True)
class Segmentation:
    """The prediction of one model, or the consensus of several, for one case.

    Args:
        model: Name of the model, or ``"consensus"``.
        labels: (X, Y, Z) uint8 in RAS+ order, BraTS 2023 numbering.
        probabilities: (3, x, y, z) float16 region probabilities inside ``box``; 0 outside it.
        box: Where the probabilities lie in the case's (X, Y, Z).
        seconds: Time by part: ``preprocess``, ``predict``, ``postprocess``.
        weights: Where the weights came from; None for a consensus.
        regions: The regions that the model answers; the others are empty, and mean nothing.
    """

    model: str
    labels: np.ndarray
    probabilities: np.ndarray
    box: Box
    seconds: dict[str, float] = field(default_factory=dict)
    weights: Provenance | None = None
    regions: tuple[str, ...] = REGIONS

    def volume_ml(self, case: Case) -> dict[str, float]:
        """Volume of WT, TC and ET in millilitres; not a number for what it does not answer."""
        return self._answered(region_volumes(self.labels, case.voxel_volume_ml))

    def dice(self, case: Case) -> dict[str, float] | None:
        """Dice of WT, TC and ET, or None for a case without truth.

        Not a number for a region that the model does not answer.
        """
        if case.truth is None:
            return None
        return self._answered(region_dice(self.labels, case.truth))

    @cached_property
    def core_is_estimated(self) -> bool:
        """Whether the core is the likeliest part of a tumour that hardly enhances.

        Then its place is what the model predicts, and its size what is usual.
        """
        return is_core_estimated(self.probabilities, regions=self.regions)

    def _answered(self, values: dict[str, float]) -> dict[str, float]:
        return {name: value if name in self.regions else nan for name, value in values.items()}


def consensus(segmentations: list[Segmentation]) -> Segmentation:
    """The mean of several models' region probabilities of one case, labelled like one model's."""
    start = time.perf_counter()
    first = segmentations[0]
    mean = np.zeros(first.probabilities.shape, np.float32)
    for segmentation in segmentations:
        mean += segmentation.probabilities
    # Labelled from what is kept, so that an exported probability gives the exported label.
    mean = (mean / len(segmentations)).astype(np.float16)
    labels = label_map(mean, first.box, first.labels.shape)
    # What a consensus takes is what all its models take; preprocessing they share.
    seconds = {part: sum(each.seconds[part] for each in segmentations) for part in _MODEL_PARTS}
    seconds["preprocess"] = first.seconds["preprocess"]
    seconds["postprocess"] += time.perf_counter() - start
    return Segmentation("consensus", labels, mean, first.box, seconds)


def label_map(
    probabilities: np.ndarray,
    box: Box,
    shape: tuple[int, int, int],
    *,
    regions: tuple[str, ...] = REGIONS,
) -> np.ndarray:
    """(3, x, y, z) region probabilities inside ``box`` to an (X, Y, Z) uint8 label map.

    Args:
        probabilities: Of all three regions.
        box: Where they lie.
        shape: Of the label map.
        regions: Those that the model answers. A whole tumour without its parts is labelled
            oedema, as a truth of one mask is (:mod:`inference.io.truths.label_conventions`).
    """
    return uncrop(draw_labels(probabilities, regions=regions), box, shape)
