"""A mask as closed contours, holes included, that every planning system fills alike.

The contours run at the half level between pixels. A hole is joined to its outline by a channel of
no width (the keyhole of PS3.3, C.8.8.6.3): a contour inside another one is a hole to some readers
and filled by others, while a keyhole is one polygon, whichever rule fills it.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.spatial import KDTree
from skimage.measure import find_contours

_HALF: Final = 0.5
_COLLINEAR: Final = 1e-9


def plane_contours(mask: np.ndarray) -> Iterator[np.ndarray]:
    """The contours of a plane, one for each part of it.

    Args:
        mask: (rows, columns) bool.

    Yields:
        (N, 2): row and column of each point, in pixels from the centre of the first; N ≥ 3, the
        last joins the first. Pixels that touch at corners alone are parts of their own.
    """
    parts, _ = ndimage.label(mask)
    for number, box in enumerate(ndimage.find_objects(parts), start=1):
        corner = [side.start - 1 for side in box]
        yield _outline(np.pad(parts[box] == number, 1)) + corner


def _outline(part: np.ndarray) -> np.ndarray:
    """(N, 2): the outline of one connected part that touches no edge, its holes joined to it."""
    rings = [ring[:-1] for ring in find_contours(part.astype(np.uint8), _HALF)]
    outer = max(range(len(rings)), key=lambda at: abs(_area(rings[at])))
    outline = rings.pop(outer)
    while rings:
        outline = _joined(outline, rings)
    return _without_straight(outline)


def _joined(outline: np.ndarray, holes: list[np.ndarray]) -> np.ndarray:
    """The outline with the hole nearest to it, which is taken from the list.

    From the nearest hole no shortest channel crosses another one.
    """
    tree = KDTree(outline)
    reaches = [tree.query(hole) for hole in holes]
    nearest = min(range(len(holes)), key=lambda at: reaches[at][0].min())
    distances, places = reaches[nearest]
    start = int(distances.argmin())
    end = int(places[start])
    hole = np.roll(holes.pop(nearest), -start, axis=0)
    return np.concatenate([outline[: end + 1], hole, hole[:1], outline[end:]])


def _area(ring: np.ndarray) -> float:
    """Twice the area within, its sign that of the direction."""
    rows, columns = ring.T
    return float(rows @ np.roll(columns, -1) - columns @ np.roll(rows, -1))


def _without_straight(outline: np.ndarray) -> np.ndarray:
    """The same without points in the middle of a straight line; where it turns back it does not."""
    before, after = outline - np.roll(outline, 1, axis=0), np.roll(outline, -1, axis=0) - outline
    turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    onward = (before * after).sum(axis=1) > 0
    return outline[~((np.abs(turn) < _COLLINEAR) & onward)]
