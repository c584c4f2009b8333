"""The greys of a case, taken from what the models read of it: the files are gone by then."""

from functools import cached_property
from typing import Final, Protocol

import numpy as np

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.network.preprocess import Box, from_slices
from report.drawing.planes import Plane

# As the compare page clips: the tails are vessels and artefacts.
_PERCENTILES: Final = (0.5, 99.8)
_MARGIN: Final = 4


class Greys(Protocol):
    """Where the greys come from: what the models read, or the sequences themselves."""

    @property
    def slices(self) -> np.ndarray:
        """(Z, 4, H, W) float32 inside ``box``, background exactly 0."""

    @property
    def box(self) -> Box:
        """Where they lie in the case's (X, Y, Z)."""

    @property
    def tissue(self) -> np.ndarray:
        """(Z, H, W) bool inside ``box``: the brain."""


class Images:
    """Slices of a case as greys.

    Args:
        case: The scan; its voxels are not needed.
        prepared: What the models read of it, or the like.
    """

    def __init__(self, case: Case, prepared: Greys) -> None:
        self.shape = case.shape
        self.spacing = case.spacing
        self.sized = case.voxel_size_known
        self.box: Box = prepared.box
        self._prepared = prepared
        self._volume = from_slices(prepared.slices)
        self._windows: dict[str, tuple[float, float]] = {}

    @cached_property
    def tissue(self) -> np.ndarray:
        """(x, y, z) bool inside ``box``: where any modality is not 0, and no air is."""
        return from_slices(self._prepared.tissue[:, None])[0]

    @property
    def middle_x(self) -> float:
        """Index along X of the middle of the tissue: left of it is the left side of the head."""
        return (self.box[0].start + self.box[0].stop - 1) / 2

    @property
    def frame(self) -> Box:
        """The box of the tissue and a margin: what a picture covers."""
        return tuple(
            slice(max(side.start - _MARGIN, 0), min(side.stop + _MARGIN, length))
            for side, length in zip(self.box, self.shape, strict=True)
        )

    def greys(self, modality: str, plane: Plane, index: int) -> np.ndarray:
        """(H, W) uint8 of a slice inside ``frame`` as it is looked at; background is 0."""
        flat = np.zeros(np.delete(self.shape, plane.normal), np.uint8)
        inside = index - self.box[plane.normal].start
        if 0 <= inside < self._volume.shape[1 + plane.normal]:
            values = self._channel(modality).take(inside, axis=plane.normal)
            flat[plane.beside_normal(self.box)] = self._to_grey(values, modality)
        return plane.turn(flat[plane.beside_normal(self.frame)])

    def labels(self, labels: np.ndarray, plane: Plane, index: int) -> np.ndarray:
        """(H, W) of a slice of an (X, Y, Z) label map, which lies on :meth:`greys`."""
        flat = labels.take(index, axis=plane.normal)
        return plane.turn(flat[plane.beside_normal(self.frame)])

    def _channel(self, modality: str) -> np.ndarray:
        return self._volume[MODALITIES.index(modality)]

    def _to_grey(self, values: np.ndarray, modality: str) -> np.ndarray:
        low, high = self._window(modality)
        greys = np.clip((values - low) / (high - low), 0, 1) * 254 + 1
        return np.where(values != 0, greys, 0).astype(np.uint8)

    def _window(self, modality: str) -> tuple[float, float]:
        if modality not in self._windows:
            values = self._channel(modality)
            values = values[values != 0]
            low, high = np.percentile(values, _PERCENTILES) if values.size else (0.0, 1.0)
            self._windows[modality] = float(low), max(float(high), float(low) + 1e-6)
        return self._windows[modality]
