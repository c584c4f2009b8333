"""Tumour drawn where there is none."""

import numpy as np

from common.vocabulary import BACKGROUND


def false_positive_rate(labels: np.ndarray, truth: np.ndarray) -> tuple[float | None, int]:
    """Share of the axial slices free of true tumour in which tumour is drawn.

    Tumour is that of any region: a single voxel of any label counts.

    Args:
        labels: (X, Y, Z) label map of a model.
        truth: (X, Y, Z) label map of the expert.

    Returns:
        The share, None if every slice holds tumour; and how many slices are free of it.
    """
    predicted, true = ((each != BACKGROUND).any(axis=(0, 1)) for each in (labels, truth))
    free = int(np.count_nonzero(~true))
    return (float(predicted[~true].mean()) if free else None), free
