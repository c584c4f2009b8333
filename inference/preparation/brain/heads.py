"""A head as the brain-mask network reads it."""

import numpy as np

_MOST = 4.0


def normalise_head(image: np.ndarray) -> np.ndarray:
    """Put a head of any units on one scale: its darkest 0, its tissue about 1.

    Tissue is what is brighter than the mean of all; what exceeds four times its mean, such as
    fat beside a surface coil, is cut there.

    Args:
        image: (C, X, Y, Z) or (X, Y, Z), any intensities.
    """
    image = np.asarray(image, np.float32) - np.float32(image.min())
    tissue = image[image > image.mean()]
    scale = tissue.mean() if tissue.size else np.float32(1)
    return np.minimum(image / scale, np.float32(_MOST))
