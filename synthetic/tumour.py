"""A glioma: where it sits, how it pushes, and its three parts.

Each part is a field cut at the value that gives the wanted volume, so the truth and the picture
come from one source.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from common.vocabulary import ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA
from synthetic.anatomy import Anatomy
from synthetic.fields import ramp, smooth_noise, stream
from synthetic.grid import Grid
from synthetic.shapes import Points, union

_GREY_SLOWNESS: Final = 5.0  # oedema runs along white matter and hardly enters the cortex
_FLUID_SLOWNESS: Final = 60.0  # and never crosses a ventricle
_RADIUS: Final = 18.0  # mm, where tissue is pushed most: the edge of a typical core
_FADE: Final = 26.0  # mm over which the push fades
_PRESSURE: Final = 34.0  # mm over which sulci are squeezed
_REACH: Final = 62.0  # mm from the centre in which oedema is looked for
_STEP: Final = 2.0  # mm, coarse enough for Dijkstra, fine enough for a gyrus


@dataclass(frozen=True)
class Plan:
    """What is decided about a tumour before it is drawn.

    Args:
        centre: Head coordinates in mm.
        necrotic_ml: Volume of the necrotic core.
        enhancing_ml: Volume of the enhancing rim.
        oedema_ml: Volume of the oedema around both.
        push: Largest displacement in mm of the tissue around it.
    """

    centre: tuple[float, float, float]
    necrotic_ml: float
    enhancing_ml: float
    oedema_ml: float
    push: float


@dataclass(frozen=True)
class Tumour:
    """Memberships from 0 to 1 of the three parts, each (X, Y, Z) float32.

    The necrotic core lies inside the enhancing rim's body, that inside the oedema's: as the
    regions do, each contains the next.
    """

    whole: np.ndarray
    core: np.ndarray
    necrosis: np.ndarray

    @property
    def labels(self) -> np.ndarray:
        """(X, Y, Z) uint8 label map in BraTS 2023 numbering."""
        labels = np.where(self.whole > 0.5, np.uint8(OEDEMA), np.uint8(0))
        labels[self.core > 0.5] = ENHANCING_TUMOUR
        labels[self.necrosis > 0.5] = NECROTIC_CORE
        return labels


def make_plan(*, seed: int) -> Plan:
    """Choose place and size: in the white matter of either side, sizes near a typical patient."""
    rng = stream(seed, "plan")
    side = rng.choice((-1.0, 1.0))
    centre = (side * rng.uniform(33, 39), rng.uniform(-36, 4), rng.uniform(19, 29))
    necrotic, enhancing, oedema = np.array((8.0, 18.0, 55.0)) * rng.uniform(0.85, 1.2, 3)
    return Plan(tuple(map(float, centre)), necrotic, enhancing, oedema, rng.uniform(7, 9))


def push_aside(points: Points, plan: Plan) -> tuple[Points, np.ndarray]:
    """Move tissue away from the tumour, most at its edge.

    Returns:
        The points where each voxel's tissue came from, and (X, Y, Z) pressure from 0 to 1.
    """
    offset = [p - c for p, c in zip(points, plan.centre, strict=True)]
    distance = np.sqrt(sum(part**2 for part in offset)).astype(np.float32)
    strength = np.exp(-0.5 * np.maximum(distance - _RADIUS, 0) ** 2 / _FADE**2)
    shift = plan.push * strength * np.minimum(distance / _RADIUS, 1)
    pulled = [
        p - part / np.maximum(distance, 1) * shift for p, part in zip(points, offset, strict=True)
    ]
    return pulled, np.exp(-0.5 * (distance / _PRESSURE) ** 2)


def grow(grid: Grid, points: Points, anatomy: Anatomy, plan: Plan, *, seed: int) -> Tumour:
    """Draw a tumour into a head whose tissue has been pushed aside."""
    body = _lumps(grid, points, plan, seed=seed) + 40.0 * (anatomy.hull > -2.5)
    body = _cut(body, plan.necrotic_ml + plan.enhancing_ml, grid, anatomy.mask)
    nodules = smooth_noise(grid, scale=4.0, seed=seed, name="nodules")
    uneven = smooth_noise(grid, scale=8.0, seed=seed, name="rim")
    thickness = np.clip(4.0 + 2.0 * uneven + 1.6 * nodules, 1.3, 9.0)
    inner = _cut(body + thickness, plan.necrotic_ml, grid, anatomy.mask)
    inner = np.maximum(inner, body + 1.2)
    arrival = _arrival(grid, anatomy, body, plan, seed=seed)
    total = plan.necrotic_ml + plan.enhancing_ml + plan.oedema_ml
    outer = np.minimum(_cut(arrival, total, grid, anatomy.mask), body)
    outer = np.where(anatomy.mask, outer, 40.0)
    return Tumour(ramp(outer, width=2.5), ramp(body, width=1.2), ramp(inner, width=1.5))


def _lumps(grid: Grid, points: Points, plan: Plan, *, seed: int) -> np.ndarray:
    """Signed distance, up to a constant, to a lobulated body: overlapping balls, then noise."""
    rng = stream(seed, "lumps")
    body = np.full(grid.shape, np.inf, np.float32)
    for _ in range(7):
        centre = np.asarray(plan.centre) + rng.normal(0, (6.0, 8.0, 6.0))
        gap = np.sqrt(sum((p - c) ** 2 for p, c in zip(points, centre, strict=True)))
        body = union(body, gap - rng.uniform(9, 14), blend=6.0)
    coarse = smooth_noise(grid, scale=7.0, seed=seed, name="lumps coarse")
    fine = smooth_noise(grid, scale=2.6, seed=seed, name="lumps fine")
    return body + 1.8 * coarse + 0.7 * fine


def _cut(field: np.ndarray, volume_ml: float, grid: Grid, mask: np.ndarray) -> np.ndarray:
    """Shift a field so that the voxels of the mask below zero have the wanted volume."""
    wanted = max(1, round(volume_ml / grid.voxel_volume_ml))
    values = field[mask]
    return field - np.partition(values, wanted)[wanted]


def _arrival(
    grid: Grid, anatomy: Anatomy, body: np.ndarray, plan: Plan, *, seed: int
) -> np.ndarray:
    """(X, Y, Z) time, in mm of white matter, at which fluid from the tumour reaches a voxel."""
    tissues = [name for name in anatomy.tissues if name not in ("csf", "vessel")]
    fluid = 1 - anatomy.share(*tissues)
    slowness = _slowness(grid, anatomy, fluid, seed=seed)
    near = tuple((centre - _REACH, centre + _REACH) for centre in plan.centre)
    _, part = grid.window(near)
    stride = [max(1, round(_STEP / size)) for size in grid.spacing]
    coarse = tuple(slice(p.start, p.stop, s) for p, s in zip(part, stride, strict=True))
    steps = [size * s for size, s in zip(grid.spacing, stride, strict=True)]
    smooth = ndimage.gaussian_filter(slowness, [0.4 * (s - 1) for s in stride])
    times = _travel_times(smooth[coarse], body[coarse] < 0, steps)
    arrival = np.full(grid.shape, 10 * _REACH, np.float32)
    index = [
        np.arange(p.stop - p.start, dtype=np.float32) / s for p, s in zip(part, stride, strict=True)
    ]
    index = np.meshgrid(*index, indexing="ij")
    arrival[part] = ndimage.map_coordinates(times, index, order=1, mode="nearest")
    return arrival + 1.5 * fluid * _REACH


def _slowness(grid: Grid, anatomy: Anatomy, fluid: np.ndarray, *, seed: int) -> np.ndarray:
    """(X, Y, Z) how slowly oedema spreads: 1 in white matter, give or take a random tract."""
    white = anatomy.share("white", "stem")
    tracts = smooth_noise(grid, scale=5.0, seed=seed, name="tracts")
    slowness = np.exp(0.45 * tracts) * (white + (1 - white) * _GREY_SLOWNESS)
    slowness = slowness + fluid * _FLUID_SLOWNESS
    return np.where(anatomy.mask, slowness, np.float32(_FLUID_SLOWNESS))


def _travel_times(slowness: np.ndarray, start: np.ndarray, steps: list[float]) -> np.ndarray:
    """Shortest times from the start to every node over the 26 neighbours (Dijkstra)."""
    number = np.arange(slowness.size).reshape(slowness.shape)
    rows, columns, costs = [], [], []
    for move in np.ndindex(3, 3, 3):
        shift = np.array(move) - 1
        if tuple(shift) <= (0, 0, 0):
            continue
        here = tuple(
            slice(max(0, -d), n - max(0, d)) for d, n in zip(shift, slowness.shape, strict=True)
        )
        there = tuple(
            slice(max(0, d), n - max(0, -d)) for d, n in zip(shift, slowness.shape, strict=True)
        )
        length = float(np.sqrt(np.sum((shift * steps) ** 2)))
        rows.append(number[here].ravel())
        columns.append(number[there].ravel())
        costs.append((length * (slowness[here] + slowness[there]) / 2).ravel())
    graph = coo_array(
        (np.concatenate(costs), (np.concatenate(rows), np.concatenate(columns))),
        shape=(slowness.size, slowness.size),
    )
    times = dijkstra(
        graph.tocsr(), directed=False, indices=number[start], min_only=True, limit=4 * _REACH
    )
    return np.minimum(times, 4 * _REACH).reshape(slowness.shape).astype(np.float32)
