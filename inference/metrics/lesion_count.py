"""How many separate lesions there are of a region, for a reader who follows each."""

import numpy as np
from scipy import ndimage

from inference.metrics.lesions import SMALLEST_MM3

_TOUCHING = ndimage.generate_binary_structure(3, 3)


def lesion_count(mask: np.ndarray, voxel_volume_ml: float) -> int:
    """How many connected parts of a mask are larger than what BraTS counts as a lesion.

    Args:
        mask: (X, Y, Z) bool; parts that touch by a corner are one.
        voxel_volume_ml: Volume of one voxel in millilitres.
    """
    parts, _ = ndimage.label(mask, _TOUCHING)
    voxels = np.bincount(parts.ravel())[1:]
    return int(np.count_nonzero(voxels * voxel_volume_ml * 1000.0 > SMALLEST_MM3))
