"""What is measured of each region, for the structured report."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from common.labels import region_mask
from inference.geometry.native_grid import NativeGrid
from inference.metrics.diameters import Diameters, largest_diameters
from inference.metrics.lesion_count import lesion_count
from inference.network.segmentation import Segmentation


@dataclass(frozen=True)
class Figures:
    """The figures of one region.

    Args:
        volume_ml: In millilitres.
        diameters: The largest in an axial slice, with the one at a right angle; None for an empty
            region.
        lesions: How many separate ones.
    """

    volume_ml: float
    diameters: Diameters | None
    lesions: int


def figures_of(segmentation: Segmentation, grid: NativeGrid) -> Mapping[str, Figures]:
    """The figures of every region that a model answers.

    Args:
        segmentation: On the grid.
        grid: Gives the size of a voxel.
    """
    masks = {region: region_mask(segmentation.labels, region) for region in segmentation.regions}
    return {region: _figures(mask, grid) for region, mask in masks.items()}


def _figures(mask: np.ndarray, grid: NativeGrid) -> Figures:
    voxel_ml = float(np.prod(grid.ras_spacing)) / 1000.0
    return Figures(
        int(np.count_nonzero(mask)) * voxel_ml,
        largest_diameters(mask, grid.ras_spacing),
        lesion_count(mask, voxel_ml),
    )
