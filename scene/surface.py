"""From a mask to a surface with a bounded number of triangles.

The mask is averaged into coarser voxels, smoothed, and cut by marching cubes (Lorensen and Cline
1987; scikit-image). The level of the cut is the one that keeps the volume, so that smoothing
neither swallows a thin rim of enhancement nor swells it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from skimage.measure import marching_cubes

_GROWTH: Final = 1.15
# Marching cubes lays about so many triangles over a voxel's face.
_TRIANGLES_A_FACE: Final = 1.4

Box = tuple[slice, slice, slice]


@dataclass(frozen=True)
class Surface:
    """A closed surface.

    Args:
        vertices: (N, 3) float32 in mm, as the affine places them: right, front, up.
        triangles: (M, 3) int32 into ``vertices``.
    """

    vertices: np.ndarray
    triangles: np.ndarray


def mask_surface(
    mask: np.ndarray,
    affine: np.ndarray,
    *,
    most_triangles: int,
    smoothing_mm: float,
    origin: tuple[int, int, int] = (0, 0, 0),
    solid: bool = False,
) -> Surface | None:
    """The surface of an (X, Y, Z) bool mask.

    Args:
        mask: What the surface encloses.
        affine: (4, 4) voxel to world in mm.
        most_triangles: The surface is made coarser until it has no more.
        smoothing_mm: Width of the smoothing, at least half a voxel of the coarse grid.
        origin: Where the mask's first voxel lies in the grid of the affine.
        solid: Whether to close cavities, which no one sees from outside.

    Returns:
        None for an empty mask.
    """
    if not mask.any():
        return None
    box = _bounding_box(mask)
    mask = mask[box]
    spacing = np.linalg.norm(affine[:3, :3], axis=0)
    step = _first_step(mask, spacing, most_triangles)
    while True:
        factors = np.maximum(1, np.round(step / spacing)).astype(int)
        vertices, triangles = _cut(mask, factors, smoothing_mm / spacing, solid=solid)
        if len(triangles) <= most_triangles:
            break
        step = _GROWTH * max(step, float(spacing.min()))
    start = np.add([side.start for side in box], origin)
    places = vertices * factors + (factors - 1) / 2 + start
    world = places @ affine[:3, :3].T + affine[:3, 3]
    return Surface(world.astype(np.float32), triangles.astype(np.int32))


def _first_step(mask: np.ndarray, spacing: np.ndarray, most_triangles: int) -> float:
    """Voxel size in mm at which the mask's outside has about so many triangles."""
    padded = np.pad(mask, 1)
    area = 0.0
    for axis in range(3):
        faces = np.count_nonzero(np.diff(padded.view(np.int8), axis=axis))
        area += faces * float(np.prod(np.delete(spacing, axis)))
    return float(np.sqrt(_TRIANGLES_A_FACE * area / most_triangles))


def _cut(
    mask: np.ndarray, factors: np.ndarray, sigma: np.ndarray, *, solid: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Vertices in coarse voxels of the mask, and triangles."""
    share = _block_means(mask, factors)
    if solid:
        share = np.maximum(share, ndimage.binary_fill_holes(share > 0.5))
    margin = 3
    padded = np.pad(share, margin)
    field = ndimage.gaussian_filter(padded, np.maximum(sigma / factors, 0.5))
    vertices, triangles, _, _ = marching_cubes(field, _level(field, float(padded.sum())))
    return vertices - margin, triangles


def _block_means(mask: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """(x, y, z) float32: the share of every block of voxels that is inside."""
    short = [(0, -length % factor) for length, factor in zip(mask.shape, factors, strict=True)]
    whole = np.pad(mask, short)
    shape = [n for s, f in zip(whole.shape, factors, strict=True) for n in (s // f, f)]
    return whole.reshape(shape).mean(axis=(1, 3, 5), dtype=np.float32)


def _level(field: np.ndarray, volume: float) -> float:
    """The value above which a field has a volume, in its own voxels."""
    inside = min(max(1, round(volume)), field.size - 1)
    ordered = np.partition(field, field.size - inside - 1, axis=None)
    border = ordered[field.size - inside - 1 :]
    level = (float(border[0]) + float(border[1:].min())) / 2
    highest = float(field.max())
    return min(max(level, 1e-3 * highest), 0.999 * highest)


def _bounding_box(mask: np.ndarray) -> Box:
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        hits = np.flatnonzero(mask.any(axis=others))
        box.append(slice(int(hits[0]), int(hits[-1]) + 1))
    return tuple(box)
