"""What the changes of a scan share: tissue is what is not exactly 0."""

import numpy as np


def as_tissue(values: np.ndarray) -> np.ndarray:
    """The same float32 values, none of them exactly 0, which would be background."""
    return np.where(values == 0, np.finfo(np.float32).tiny, values).astype(np.float32)


def matched(values: np.ndarray, healthy: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Values of one image on the scale of another, by what is healthy in both (mean, deviation).

    Args:
        values: Of the one image.
        healthy: (N,) its values in tissue that is healthy in both.
        wanted: (N,) those of the other image in the same place.
    """
    deviation = healthy.std() or 1.0
    return (values - healthy.mean()) / deviation * wanted.std() + wanted.mean()


def ball(
    shape: tuple[int, ...], centre: np.ndarray, radius: float, spacing: np.ndarray
) -> np.ndarray:
    """(X, Y, Z) bool: what lies within ``radius`` mm of a voxel."""
    axes = np.ogrid[tuple(slice(0, size) for size in shape)]
    away = zip(axes, centre, spacing, strict=True)
    return sum(((axis - at) * step) ** 2 for axis, at, step in away) <= radius**2
