"""Sums of neighbouring voxels that are the same on any number of threads."""

import numpy as np


def weighted_sums(images: np.ndarray, axis: int, weights: np.ndarray) -> np.ndarray:
    """Each place of an axis as the weighted sum of those near it, in their order.

    As a product of matrices it would be another one on another number of threads: how NumPy's
    library adds up depends on it.

    Args:
        images: float32.
        axis: Of them, of length ``have``.
        weights: (want, have), in each row few in a run that are not 0.

    Returns:
        float32 of length ``want`` along the axis.
    """
    first = (weights != 0).argmax(axis=1)
    most = int((weights != 0).sum(axis=1).max())
    column = [-1 if each == axis else 1 for each in range(images.ndim)]
    total = np.zeros((), np.float32)
    for step in range(most):
        places = np.minimum(first + step, weights.shape[1] - 1)
        share = np.where(first + step < weights.shape[1], weights[range(len(weights)), places], 0)
        total = total + images.take(places, axis) * share.astype(np.float32).reshape(column)
    return total
