"""The two diameters by which tumours are followed in clinical trials.

The longest diameter in an axial slice, and the longest one at a right angle to it in the same
slice, in mm. Source: RANO (Wen et al. 2010, J Clin Oncol 28:1963; Wen et al. 2023, J Clin Oncol
41:5187), which calls a lesion measurable when both reach 10 mm. Each connected part of a slice is
a lesion of its own. What RANO leaves to the reader's eye is settled so: a part is measured over
its convex hull, so that a ring is measured across its hollow, and a pixel reaches to its edges.
Cavities after surgery, which RANO excludes, are not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull
from scipy.spatial.distance import pdist, squareform

MEASURABLE_MM: Final = 10.0
_TOUCHING: Final = np.ones((3, 3), bool)

Spacing = tuple[float, float, float]


@dataclass(frozen=True)
class Diameters:
    """The largest lesion of a region, as it is measured in one axial slice.

    Args:
        longest_mm: Longest diameter in mm.
        across_mm: Longest diameter at a right angle to it, in mm.
        slice_number: Which axial slice, from 1 at the lower end.
    """

    longest_mm: float
    across_mm: float
    slice_number: int

    @property
    def product_mm2(self) -> float:
        """The product of both, which RANO follows over time."""
        return self.longest_mm * self.across_mm

    @property
    def measurable(self) -> bool:
        """Whether RANO would follow it: both diameters of 10 mm and more."""
        return self.across_mm >= MEASURABLE_MM


def largest_diameters(mask: np.ndarray, spacing: Spacing) -> Diameters | None:
    """The longest diameter of a mask over all axial slices, with its perpendicular.

    Args:
        mask: (X, Y, Z) bool in RAS+ order.
        spacing: Voxel size in mm along X, Y and Z.

    Returns:
        None for an empty mask.
    """
    best = None
    for index in np.flatnonzero(mask.any(axis=(0, 1))):
        for corners in _outlines(mask[:, :, index], spacing):
            if best and _reach(corners) <= best.longest_mm:
                continue
            longest, across = _measure(corners)
            if best is None or longest > best.longest_mm:
                best = Diameters(longest, across, int(index) + 1)
    return best


def _outlines(flat: np.ndarray, spacing: Spacing) -> Iterator[np.ndarray]:
    """(N, 2) in mm: the middles of the pixels' edges, for each connected part of a slice."""
    parts, _ = ndimage.label(flat, _TOUCHING)
    size = np.asarray(spacing[:2], float)
    halves = np.array([[0.5, 0], [-0.5, 0], [0, 0.5], [0, -0.5]]) * size
    for number, box in enumerate(ndimage.find_objects(parts), start=1):
        inside = parts[box] == number
        border = inside & ~ndimage.binary_erosion(inside)
        yield (np.argwhere(border) * size + halves[:, None]).reshape(-1, 2)


def _reach(points: np.ndarray) -> float:
    """No diameter of the points is longer than the diagonal of their box."""
    return float(np.hypot(*np.ptp(points, axis=0)))


def _measure(points: np.ndarray) -> tuple[float, float]:
    corners = points[ConvexHull(points).vertices]
    between = squareform(pdist(corners))
    start, end = np.unravel_index(between.argmax(), between.shape)
    return float(between[start, end]), _across(corners, start, end)


def _across(corners: np.ndarray, start: int, end: int) -> float:
    """The longest chord of a convex outline at a right angle to that from ``start`` to ``end``.

    The corners go around, so each of the two ways from one end to the other runs along the
    diameter; between corners both are straight, so the longest chord meets a corner.
    """
    along = (corners[end] - corners[start]) / np.linalg.norm(corners[end] - corners[start])
    places = (corners - corners[start]) @ along
    heights = (corners - corners[start]) @ np.array([-along[1], along[0]])
    one = _from_to(start, end, len(corners))
    other = _from_to(end, start, len(corners))[::-1]
    upper, lower = (np.interp(places, places[way], heights[way]) for way in (one, other))
    return float(np.abs(upper - lower).max())


def _from_to(start: int, end: int, count: int) -> np.ndarray:
    return (start + np.arange((end - start) % count + 1)) % count
