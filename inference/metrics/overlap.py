"""How much of two masks is shared."""

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS


def dice(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Dice coefficient of two bool masks of one shape.

    Both empty is 1, one empty is 0 (the BraTS convention). Source: Dice 1945.
    """
    size = int(np.count_nonzero(prediction)) + int(np.count_nonzero(truth))
    return _dice(int(np.count_nonzero(prediction & truth)), size)


def region_dice(labels: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Dice of WT, TC and ET between two label maps of one shape, part by part."""
    return {region: _region_dice(labels, truth, region) for region in REGIONS}


def _region_dice(labels: np.ndarray, truth: np.ndarray, region: str) -> float:
    shared = size = 0
    for drawn, true in zip(labels, truth, strict=True):
        here, there = region_mask(drawn, region), region_mask(true, region)
        shared += int(np.count_nonzero(here & there))
        size += int(np.count_nonzero(here)) + int(np.count_nonzero(there))
    return _dice(shared, size)


def _dice(shared: int, size: int) -> float:
    return 2.0 * shared / size if size else 1.0
