"""Pairs of masks on which metrics are held against other implementations."""

import numpy as np
from scipy import ndimage

ISOTROPIC = (1.0, 1.0, 1.0)
ANISOTROPIC = (0.8, 1.1, 3.0)
SHAPE = (24, 20, 16)


def mask(*boxes, shape=SHAPE) -> np.ndarray:
    array = np.zeros(shape, bool)
    for box in boxes:
        array[tuple(slice(*edges) for edges in box)] = True
    return array


def blobs(seed, *, share=0.2, width=2.0, shape=SHAPE) -> np.ndarray:
    """Smooth islands that fill a share of the volume, some of them cut by its border."""
    field = ndimage.gaussian_filter(np.random.default_rng(seed).normal(size=shape), width)
    return field > np.quantile(field, 1 - share)


def noise(seed, *, share=0.1) -> np.ndarray:
    return np.random.default_rng(seed).random(SHAPE) < share


VOXEL = mask([(12, 13), (10, 11), (8, 9)])
OTHER_VOXEL = mask([(3, 4), (10, 11), (8, 9)])
CORNER = mask([(0, 4), (0, 3), (0, 2)])
FAR_CORNER = mask([(20, 24), (16, 20), (12, 16)])
FULL = np.ones(SHAPE, bool)
EMPTY = np.zeros(SHAPE, bool)

PAIRS = {
    "blobs": (blobs(0), blobs(1)),
    "blobs of other sizes": (blobs(2, share=0.05), blobs(3, share=0.4)),
    "nearly alike": (blobs(4, share=0.2), blobs(4, share=0.22)),
    "alike": (blobs(5), blobs(5)),
    "noise": (noise(6), noise(7)),
    "one voxel each": (VOXEL, OTHER_VOXEL),
    "one voxel and itself": (VOXEL, VOXEL),
    "one voxel in a blob": (VOXEL, mask([(8, 16), (6, 14), (4, 12)])),
    "opposite corners of the grid": (CORNER, FAR_CORNER),
    "all of the grid": (FULL, VOXEL),
    "a plane": (mask([(0, 24), (0, 20), (7, 8)]), mask([(0, 24), (0, 20), (9, 10)])),
}
