"""How much of two masks is shared."""

import numpy as np

from common.labels import region_mask
from common.vocabulary import REGIONS


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
