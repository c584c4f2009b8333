"""What one model, or the consensus, predicted, with what an object says of its origin."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from common.vocabulary import CONSENSUS
from inference.dicom_objects.description.geometry import as_planes
from inference.dicom_objects.origin.uids import content_digest
from inference.geometry.native_grid import NativeGrid
from inference.network.segmentation import Segmentation
from model_zoo.registry import registry, title_of
from model_zoo.weights.provenance import Provenance, short

MAKER: Final = "GlioLens"
RESEARCH_ONLY: Final = "For research only"
DISCLAIMER: Final = "For research and teaching, never for diagnosis. Not a medical device."


@dataclass(frozen=True, eq=False)
class Result:
    """A label map with its origin.

    Args:
        name: Of the model, or ``"consensus"``; a part of the file's name.
        title: What a person reads.
        labels: (planes, rows, columns) uint8, on the planes of the series it lies on.
        regions: Those that the model answers.
        version: What the training run calls the weights, or those of each model of a consensus.
        weights: Where those of each model came from, by its name.
    """

    name: str
    title: str
    labels: np.ndarray
    regions: tuple[str, ...]
    version: str
    weights: Mapping[str, Provenance]

    @property
    def rank(self) -> int:
        """Its place among all there can be, for series numbers that do not meet."""
        return [*registry(), CONSENSUS].index(self.name)

    @property
    def content(self) -> str:
        """A digest of what it holds and where it comes from."""
        return content_digest(self.name, *self.parameters.items(), self.labels)

    @property
    def parameters(self) -> dict[str, str]:
        """What names the weights beyond doubt, as an algorithm's parameters."""
        sums = {f"{name}_weights_sha256": each.sha256 for name, each in self.weights.items()}
        return sums | {f"{name}_precision": each.precision for name, each in self.weights.items()}


def results_of(segmentations: Mapping[str, Segmentation], grid: NativeGrid) -> tuple[Result, ...]:
    """What was predicted on a grid, in the order given.

    Args:
        segmentations: By name, the consensus among them; on the grid.
        grid: Of the series.
    """
    return tuple(_result(each, segmentations, grid) for each in segmentations.values())


def _result(
    segmentation: Segmentation, among: Mapping[str, Segmentation], grid: NativeGrid
) -> Result:
    own = segmentation.weights
    known = {name: each.weights for name, each in among.items() if each.weights is not None}
    weights = known if own is None else {segmentation.model: own}
    revisions = dict.fromkeys(short(each.revision) for each in weights.values())
    return Result(
        segmentation.model,
        title_of(segmentation.model),
        as_planes(segmentation.labels, grid),
        segmentation.regions,
        ", ".join(revisions) or "unknown",
        weights,
    )
