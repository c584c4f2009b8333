"""What is measured of one label map."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inference.case import Case
from inference.labels import region_mask
from inference.metrics import region_dice, region_volumes
from inference.vocabulary import REGIONS
from report.diameters import Diameters, largest_diameters

ByRegion = Mapping[str, float | None]


@dataclass(frozen=True)
class Measures:
    """The figures of one label map, by region.

    Args:
        voxels: How many voxels (of one slice: pixels).
        volume_ml: In millilitres, None where the voxel size is not known.
        diameters: Largest diameters; None where the size is not known, or there is no such region.
        dice: Dice against the truth, None without one, or where it says nothing of the region.
        hd95_mm: HD95 against the truth, likewise.
    """

    voxels: dict[str, int]
    volume_ml: dict[str, float] | None
    diameters: dict[str, Diameters | None]
    dice: ByRegion | None
    hd95_mm: ByRegion | None


def measure(labels: np.ndarray, case: Case, *, against_truth: bool = True) -> Measures:
    """Measure a label map of a case.

    Args:
        labels: (X, Y, Z) uint8 in RAS+ order.
        case: The scan, with the voxel size and the truth if there is one.
        against_truth: Whether to compare with the truth; not for the truth itself.
    """
    known = case.voxel_size_known
    compared = against_truth and case.truth is not None
    return Measures(
        voxels=region_volumes(labels, 1),
        volume_ml=region_volumes(labels, case.voxel_volume_ml) if known else None,
        diameters=_diameters(labels, case),
        dice=case.scored(region_dice(labels, case.truth)) if compared else None,
        hd95_mm=_hd95(labels, case) if compared and known else None,
    )


def _diameters(labels: np.ndarray, case: Case) -> dict[str, Diameters | None]:
    if not case.voxel_size_known:
        return dict.fromkeys(REGIONS)
    masks = {region: region_mask(labels, region) for region in REGIONS}
    return {region: largest_diameters(mask, case.spacing) for region, mask in masks.items()}


def _hd95(labels: np.ndarray, case: Case) -> ByRegion:
    from inference.metrics.surface import region_hd95

    return case.scored(region_hd95(labels, case.truth, case.spacing))
