"""What is measured of two to four images of one head to tell T1, T1c, T2 and FLAIR from each other.

All of it is without unit and the same whatever a scanner's scale is. Tissue need not be found:
where one image is darkest or brightest, and how another looks there, says which two they are.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

# Every second voxel along each axis is enough, and the rim of a mask holds what it should not.
_STEP: Final = 2
_RIM_STEPS: Final = 2
_FEWEST_VOXELS, _MOST_VOXELS = 2000, 30_000
_ENDS: Final = 0.05
_TINY: Final = 1e-9


@dataclass(frozen=True)
class Measures:
    """What was measured.

    Args:
        one: By image (2,): how much farther its bright twentieth lies from its median than its dark
            one, from -1 to 1; logarithm of its 99.5th percentile over the median.
        pair: By two images (6,): whether the first has more voxels far brighter than the second
            would tell than far darker (in widths of its values); mean rank, 0 to 1, of the first
            where the second is darkest, of the second where the first is, of the first where the
            second is brightest, of the second where the first is; correlation of their ranks.
    """

    one: Mapping[str, np.ndarray]
    pair: Mapping[tuple[str, str], np.ndarray]


def measure(images: Mapping[str, np.ndarray], brain: np.ndarray) -> Measures | None:
    """Measure images of one head.

    Args:
        images: (X, Y, Z) on one grid by any name, about 1 mm.
        brain: (X, Y, Z) bool.

    Returns:
        None where too little of the brain has values in all of them, or one is of one value.
    """
    values = _inside(images, brain)
    if any(
        inside.size < _FEWEST_VOXELS or np.ptp(np.percentile(inside, (10, 90))) < _TINY
        for inside in values.values()
    ):
        return None
    shifted = {name: inside - min(0.0, float(inside.min())) for name, inside in values.items()}
    ranks = {name: _ranks(inside) for name, inside in shifted.items()}
    widths = {name: _widths(inside) for name, inside in shifted.items()}
    return Measures(
        one={name: _measure_one(inside) for name, inside in shifted.items()},
        pair={
            (first, second): _measure_pair(widths, ranks, first, second)
            for first, second in itertools.permutations(images, 2)
        },
    )


def _inside(images: Mapping[str, np.ndarray], brain: np.ndarray) -> dict[str, np.ndarray]:
    """(N,) values of each image away from the brain's rim, where all of them have one."""
    every = (slice(None, None, _STEP),) * 3
    from scipy.ndimage import binary_erosion  # here: a file that is refused need not wait for it

    looked_at = binary_erosion(brain[every], iterations=_RIM_STEPS)
    for image in images.values():
        looked_at &= (image[every] != 0) & np.isfinite(image[every])
    thinned = slice(None, None, max(1, np.count_nonzero(looked_at) // _MOST_VOXELS))
    return {
        name: image[every][looked_at][thinned].astype(np.float64) for name, image in images.items()
    }


def _ranks(values: np.ndarray) -> np.ndarray:
    """(N,) from 0 to 1; equal values have their mean."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left")
    return (below + np.searchsorted(ordered, values, "right")) / (2 * values.size)


def _measure_one(values: np.ndarray) -> np.ndarray:
    dark, middle, bright, top = np.percentile(values, (5, 50, 95, 99.5))
    skew = (bright + dark - 2 * middle) / max(bright - dark, _TINY)
    return np.array((skew, np.log(max(top, _TINY) / max(middle, _TINY))))


def _measure_pair(
    widths: Mapping[str, np.ndarray], ranks: Mapping[str, np.ndarray], first: str, second: str
) -> np.ndarray:
    excess = np.percentile(widths[first] - widths[second], (0.5, 99.5)).sum()
    a, b = ranks[first], ranks[second]
    return np.array(
        (
            excess,
            a[b <= _ENDS].mean() if (b <= _ENDS).any() else a[b.argmin()],
            b[a <= _ENDS].mean() if (a <= _ENDS).any() else b[a.argmin()],
            a[b >= 1 - _ENDS].mean() if (b >= 1 - _ENDS).any() else a[b.argmax()],
            b[a >= 1 - _ENDS].mean() if (a >= 1 - _ENDS).any() else b[a.argmax()],
            np.corrcoef(a, b)[0, 1],
        )
    )


def _widths(values: np.ndarray) -> np.ndarray:
    """Distance from the median in widths of the middle four fifths."""
    low, middle, high = np.percentile(values, (10, 50, 90))
    return (values - middle) / (high - low)
