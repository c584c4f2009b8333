"""How well a label map agrees with the truth, per patient over the whole volume."""

import numpy as np

from inference.labels import region_mask
from inference.vocabulary import REGIONS


def dice(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Dice coefficient of two bool masks of one shape.

    Both empty is 1, one empty is 0 (the BraTS convention). Source: Dice 1945.
    """
    size = int(np.count_nonzero(prediction)) + int(np.count_nonzero(truth))
    if size == 0:
        return 1.0
    return 2.0 * int(np.count_nonzero(prediction & truth)) / size


def region_dice(labels: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Dice of WT, TC and ET between two label maps of one shape."""
    return {
        region: dice(region_mask(labels, region), region_mask(truth, region)) for region in REGIONS
    }


def region_volumes(labels: np.ndarray, voxel_volume_ml: float) -> dict[str, float]:
    """Volume of WT, TC and ET of a label map in millilitres."""
    return {
        region: int(np.count_nonzero(region_mask(labels, region))) * voxel_volume_ml
        for region in REGIONS
    }
