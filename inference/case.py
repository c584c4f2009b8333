"""One patient's scan, as everything after the files sees it."""

from dataclasses import dataclass, replace

import numpy as np

from common.vocabulary import MODALITIES, REGIONS
from inference.geometry.native_grid import NativeGrid


@dataclass(frozen=True)
class Case:
    """One to four modalities on one voxel grid, with an optional truth.

    Args:
        name: What the case is called on screen and in files.
        volume: (4, X, Y, Z) float32 in RAS+ order, channels in the order of ``MODALITIES``;
            a channel that is not present is all zero.
        present: The modalities that were given, in the order of ``MODALITIES``.
        grid: The grid of the files, which every export goes back to.
        truth: (X, Y, Z) uint8 label map in BraTS 2023 numbering, if the user has one.
        notes: Sentences about the files that the user should read.
        voxel_size_known: Whether the files give the size of a voxel; pictures do not. Where they
            do not, ``spacing`` is 1 and ``voxel_volume_ml`` is not a number.
        truth_regions: The regions that the truth covers; one mask covers only ``"wt"``.
        slice_names: What the picture of each slice is called, where they came as pictures.
        stored_truth: The truth on the voxels of its file, ``grid.of_file``, where it was read on
            larger ones; else None.
    """

    name: str
    volume: np.ndarray
    present: tuple[str, ...]
    grid: NativeGrid
    truth: np.ndarray | None = None
    notes: tuple[str, ...] = ()
    voxel_size_known: bool = True
    truth_regions: tuple[str, ...] = REGIONS
    slice_names: tuple[str, ...] = ()
    stored_truth: np.ndarray | None = None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Voxels along X, Y and Z."""
        return self.volume.shape[1:]

    @property
    def spacing(self) -> tuple[float, float, float]:
        """Voxel size in mm along X, Y and Z."""
        return self.grid.ras_spacing

    @property
    def voxel_volume_ml(self) -> float:
        """Volume of one voxel in millilitres; not a number where the size is not known."""
        if not self.voxel_size_known:
            return float("nan")
        return float(np.prod(self.spacing)) / 1000.0

    @property
    def missing(self) -> tuple[str, ...]:
        """The modalities that were not given, in the order of ``MODALITIES``."""
        return tuple(name for name in MODALITIES if name not in self.present)

    def scored(self, values: dict[str, float] | None) -> dict[str, float] | None:
        """Scores by region; not a number for a region that the truth does not cover."""
        if values is None:
            return None
        known = self.truth_regions
        return {name: value if name in known else float("nan") for name, value in values.items()}

    def without_voxels(self) -> "Case":
        """The same case with zeros that take no memory for a volume.

        For whoever keeps a case open long after its voxels have been prepared and shown.
        """
        return replace(self, volume=np.broadcast_to(np.float32(0), self.volume.shape))
