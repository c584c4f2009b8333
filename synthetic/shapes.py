"""Signed distances in mm to simple bodies: negative inside, positive outside.

Formulas after Quilez, https://iquilezles.org/articles/distfunctions/; all take points as three
arrays that broadcast.
"""

from collections.abc import Sequence
from functools import reduce
from itertools import pairwise

import numpy as np

Points = Sequence[np.ndarray]
Position = tuple[float, float, float]


def ellipsoid(points: Points, *, centre: Position, radii: Position) -> np.ndarray:
    """Approximate signed distance to an ellipsoid, exact on its surface."""
    offset = [(p - c).astype(np.float32) for p, c in zip(points, centre, strict=True)]
    tiny = np.float32(1e-6)  # makes the distance at the centre the smallest radius
    near = np.sqrt(sum((d / r) ** 2 for d, r in zip(offset, radii, strict=True)))
    steep = np.sqrt(sum((d / r**2) ** 2 for d, r in zip(offset, radii, strict=True)))
    return (near - 1.0) * (near + tiny) / (steep + tiny / np.float32(min(radii)))


def tube(points: Points, *, nodes: Sequence[tuple[float, float, float, float]]) -> np.ndarray:
    """Signed distance to a tube along nodes (x, y, z, radius), the radius changing linearly."""
    return join(*[_cone(points, start, end) for start, end in pairwise(nodes)])


def join(*bodies: np.ndarray) -> np.ndarray:
    """Union with sharp seams."""
    return reduce(np.minimum, bodies)


def meet(*bodies: np.ndarray) -> np.ndarray:
    """Intersection with sharp edges."""
    return reduce(np.maximum, bodies)


def union(first: np.ndarray, second: np.ndarray, *, blend: float) -> np.ndarray:
    """Union whose seam is rounded over ``blend`` mm."""
    overlap = np.maximum(blend - np.abs(first - second), 0) / blend
    return np.minimum(first, second) - overlap**2 * np.float32(blend / 4)


def intersection(first: np.ndarray, second: np.ndarray, *, blend: float) -> np.ndarray:
    """Intersection whose edge is rounded over ``blend`` mm."""
    return -union(-first, -second, blend=blend)


def _cone(points: Points, start: Sequence[float], end: Sequence[float]) -> np.ndarray:
    along = np.subtract(end[:3], start[:3])
    offset = [p - s for p, s in zip(points, start[:3], strict=True)]
    part = sum(d * a for d, a in zip(offset, along, strict=True)) / float(along @ along)
    part = np.clip(part, 0, 1).astype(np.float32)
    gap = np.sqrt(sum((d - part * a) ** 2 for d, a in zip(offset, along, strict=True)))
    return (gap - (start[3] + part * (end[3] - start[3]))).astype(np.float32)
