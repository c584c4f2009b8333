"""What is measured of one label map."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS
from inference.case import Case
from inference.metrics import region_dice, region_volumes
from inference.metrics.diameters import Diameters, largest_diameters

ByRegion = Mapping[str, float | None]


@dataclass(frozen=True)
class Measures:
    """The figures of one label map, by region.

    Args:
        voxels: How many voxels (of one slice: pixels). None, as all that follows, for a region
            that a truth does not cover: that it draws none of it is no finding.
        volume_ml: In millilitres, None where the voxel size is not known.
        diameters: Largest diameters; None where the size is not known, or there is no such region.
        dice: Dice against the truth, None without one, or where it does not cover the region.
        hd95_mm: HD95 against the truth, likewise.
    """

    voxels: dict[str, int | None]
    volume_ml: ByRegion | None
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
    sized = case.voxel_size_known
    compared = against_truth and case.truth is not None
    regions = REGIONS if against_truth else case.truth_regions
    volumes = region_volumes(labels, case.voxel_volume_ml) if sized else None
    return Measures(
        voxels=_only(regions, region_volumes(labels, 1)),
        volume_ml=volumes and _only(regions, volumes),
        diameters=_diameters(labels, case, regions),
        dice=_scored(case, region_dice(labels, case.truth)) if compared else None,
        hd95_mm=_hd95(labels, case) if compared and sized else None,
    )


def _diameters(
    labels: np.ndarray, case: Case, regions: Collection[str]
) -> dict[str, Diameters | None]:
    none = dict.fromkeys(REGIONS)
    if not case.voxel_size_known:
        return none
    masks = {region: region_mask(labels, region) for region in regions}
    return none | {name: largest_diameters(mask, case.spacing) for name, mask in masks.items()}


def _hd95(labels: np.ndarray, case: Case) -> ByRegion:
    from inference.metrics.surface import region_hd95

    return _scored(case, region_hd95(labels, case.truth, case.spacing))


def _scored(case: Case, values: dict[str, float]) -> ByRegion:
    scores = case.scored(values)
    return {name: None if math.isnan(score) else score for name, score in scores.items()}


def _only(regions: Collection[str], values: ByRegion) -> dict[str, float | None]:
    return {name: value if name in regions else None for name, value in values.items()}
