"""Changes of a modality's intensities over the whole head: its histogram, and a bias field."""

from typing import Final

import numpy as np

from training.data.volume.tissue import as_tissue

_KNOTS: Final = 5
# How far a knot of the histogram moves, as a share of the way to the next.
_MOST_BENT: Final = 0.8
# The field at its strongest and weakest, as a share of the signal, and how many knots a side.
_STRENGTH: Final = 0.3
_FIELD_KNOTS: Final = 4


def other_histogram(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A monotone change: percentiles of the tissue move, what lies between goes along.

    Args:
        image: (X, Y, Z) float32, background 0.
        random: Source of all randomness.

    Returns:
        A copy with the lowest and the highest value in place.
    """
    tissue = image != 0
    if not tissue.any():
        return image.copy()
    old = np.percentile(image[tissue], np.linspace(0, 100, _KNOTS))
    steps = np.diff(old) * (1 + _MOST_BENT * random.uniform(-1, 1, _KNOTS - 1))
    new = np.concatenate([old[:1], old[0] + np.cumsum(steps)])
    if new[-1] > old[0]:
        new = old[0] + (new - old[0]) * (old[-1] - old[0]) / (new[-1] - old[0])
    changed = image.copy()
    changed[tissue] = as_tissue(np.interp(image[tissue], old, new))
    return changed


def biased(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A smooth field over the signal, as an uneven coil leaves it.

    Args:
        image: (X, Y, Z) float32, background 0.
        random: Source of all randomness.

    Returns:
        A copy; the darkest tissue, which stands for no signal, stays.
    """
    from scipy import ndimage

    tissue = image != 0
    if not tissue.any():
        return image.copy()
    knots = random.uniform(-_STRENGTH, _STRENGTH, (_FIELD_KNOTS,) * 3)
    places = np.meshgrid(
        *(np.linspace(0, _FIELD_KNOTS - 1, size) for size in image.shape), indexing="ij"
    )
    field = 1 + ndimage.map_coordinates(knots, [place[tissue] for place in places], order=1)
    darkest = image[tissue].min()
    changed = image.copy()
    changed[tissue] = as_tissue(darkest + (image[tissue] - darkest) * field)
    return changed
