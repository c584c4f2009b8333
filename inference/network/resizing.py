"""Images at another size, axis by axis: what PyTorch calls bilinear, trilinear and area."""

from collections.abc import Callable

import numpy as np

from inference.geometry.weighted_sums import weighted_sums

# From the size an axis has and the one it shall have to (want, have) weights.
_WeightsOf = Callable[[int, int], np.ndarray]


def stretched(images: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """(n, K, …) images at another size, smoothed before they are made smaller.

    Args:
        images: float32.
        size: Of the last axes.
    """
    return _resized(images, size, _smooth_weights)


def interpolated(images: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """The same, each place read between its two neighbours alone."""
    return _resized(images, size, _linear_weights)


def averaged(images: np.ndarray, size: tuple[int, ...]) -> np.ndarray:
    """The same, each place the mean of all that it covers."""
    return _resized(images, size, _area_weights)


def _resized(images: np.ndarray, size: tuple[int, ...], weights_of: _WeightsOf) -> np.ndarray:
    # The axis that shrinks most first: what is left to do is least then.
    axes = list(range(images.ndim - len(size), images.ndim))
    wanted = dict(zip(axes, size, strict=True))
    for axis in sorted(axes, key=lambda each: wanted[each] / images.shape[each]):
        have = images.shape[axis]
        if have != wanted[axis]:
            images = weighted_sums(images, axis, weights_of(have, wanted[axis]))
    return np.ascontiguousarray(images)


def _smooth_weights(have: int, want: int) -> np.ndarray:
    """(want, have): a triangle about each place, as wide as the coarser of both pixels."""
    scale = have / want
    centres = (np.arange(want)[:, None] + 0.5) * scale
    distance = np.abs(np.arange(have)[None] + 0.5 - centres) / max(scale, 1.0)
    weights = np.maximum(1 - distance, 0)
    return _shares(weights)


def _linear_weights(have: int, want: int) -> np.ndarray:
    """(want, have): the two neighbours of each place; beyond the ends stands the last one."""
    places = np.clip((np.arange(want)[:, None] + 0.5) * have / want - 0.5, 0, have - 1)
    return _shares(np.maximum(1 - np.abs(np.arange(have)[None] - places), 0))


def _area_weights(have: int, want: int) -> np.ndarray:
    """(want, have): all that each place touches, in equal shares."""
    first = np.arange(want)[:, None] * have // want
    after = -(-(np.arange(want)[:, None] + 1) * have // want)
    places = np.arange(have)[None]
    return _shares(((places >= first) & (places < after)).astype(float))


def _shares(weights: np.ndarray) -> np.ndarray:
    return (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
