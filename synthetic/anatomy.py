"""A healthy head: how much of which tissue there is in every voxel."""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from synthetic.cortex import fold_cerebellum, fold_cortex
from synthetic.fields import ramp, smooth_noise
from synthetic.grid import Grid
from synthetic.outline import Outline, make_outline
from synthetic.shapes import Points, ellipsoid, join, meet, tube, union

_CORTEX = 2.9  # mm, thickness of the grey ribbon


@dataclass(frozen=True)
class Anatomy:
    """Tissue memberships of a head.

    Args:
        mask: (X, Y, Z) bool, what skull stripping keeps.
        tissues: Tissue name to (X, Y, Z) float32 share from 0 to 1, in the order of painting:
            a later tissue covers the earlier ones.
        hull: (X, Y, Z) signed distance in mm to the brain with its clefts filled in.
    """

    mask: np.ndarray
    tissues: dict[str, np.ndarray]
    hull: np.ndarray

    def share(self, *names: str) -> np.ndarray:
        """(X, Y, Z) share of the named tissues that is left after later ones covered them."""
        share = np.zeros(self.mask.shape, np.float32)
        for name, membership in self.tissues.items():
            share *= 1 - membership
            if name in names:
                share += membership
        return share


def make_anatomy(grid: Grid, points: Points, *, squeeze: np.ndarray, seed: int) -> Anatomy:
    """Draw a healthy head.

    Args:
        grid: The working grid.
        points: Where each voxel's tissue comes from, in mm: the grid's points, warped.
        squeeze: (X, Y, Z) factor on the width of the sulci, below 1 near a mass.
        seed: Seed of the case.
    """
    outline = make_outline(points)
    solid = np.minimum(outline.cerebrum, outline.stem) < 0
    sulci, seams = fold_cortex(grid, solid, outline.hull, width=squeeze, seed=seed)
    brain = solid & ~sulci
    ribbon = _ribbon(grid, solid & ~seams, seed=seed) * (1 - _without_cortex(outline, points))
    x, y, z = points
    side = (np.abs(x), y, z)
    ventricles = _ventricles(side)
    leaves, clefts = fold_cerebellum(grid, outline.cerebellum, seed=seed)
    tissues = {
        "white": brain.astype(np.float32),
        "grey": ribbon * brain,
        "stem": ramp(outline.stem, width=2.0),
        "cerebellar white": ramp(outline.cerebellum, width=1.5),
        "cerebellar grey": ramp(outline.cerebellum, width=1.5) * leaves,
        "folia": ramp(outline.cerebellum, width=1.5) * clefts,
        **{name: ramp(body, width=2.0) for name, body in _deep_grey(side).items()},
        "csf": ramp(ventricles, width=1.2),
        "choroid": ramp(_choroid(side, grid, seed=seed), width=1.5) * (ventricles < 0),
        "vessel": _vessels(grid, points, outline, sulci, seed=seed),
    }
    mask = _mask(grid, outline, seed=seed)
    return Anatomy(mask, tissues, outline.hull)


def individual_points(grid: Grid, *, seed: int) -> Points:
    """The grid's points, moved by a few smooth millimetres: no two heads are alike."""
    return [
        position
        + np.float32(2.2) * smooth_noise(grid, scale=24, seed=seed, name=f"warp {number}")
        + np.float32(0.6) * smooth_noise(grid, scale=7, seed=seed, name=f"ripple {number}")
        for number, position in enumerate(grid.points)
    ]


def _ribbon(grid: Grid, brain: np.ndarray, *, seed: int) -> np.ndarray:
    below = ndimage.distance_transform_edt(brain, sampling=grid.spacing).astype(np.float32)
    uneven = 0.5 * smooth_noise(grid, scale=8, seed=seed, name="cortex")
    return ramp(below - np.float32(_CORTEX) - uneven, width=1.5)


def _without_cortex(outline: Outline, points: Points) -> np.ndarray:
    """1 where the brain has a surface but no cortex: corpus callosum, midbrain, hypothalamus."""
    x = np.abs(points[0])
    callosum = np.maximum(outline.core - 2, x - 14)
    return ramp(np.minimum(callosum, outline.stem - 4), width=3.0)


def _deep_grey(side: Points) -> dict[str, np.ndarray]:
    x, y, z = side
    slanted = (x + 0.22 * (y - 2), y, z)
    caudate = tube(
        side,
        nodes=[
            (10, 20, 0, 5),
            (13, 13, 10, 5.5),
            (16, 0, 17, 4),
            (20, -18, 20, 3),
            (26, -30, 14, 2),
        ],
    )
    putamen = ellipsoid(slanted, centre=(26, 2, 1), radii=(5.5, 16, 10))
    hippocampus = tube(side, nodes=[(23, -6, -18, 6), (27, -20, -15, 4.5), (27, -34, -7, 3)])
    return {
        "grey nucleus": join(caudate, putamen, hippocampus),
        "thalamus": ellipsoid(slanted, centre=(11.5, -19, 8), radii=(9, 15, 10)),
        "pallidum": ellipsoid(slanted, centre=(18.5, -3, 0), radii=(4.5, 9, 7)),
    }


def _ventricles(side: Points) -> np.ndarray:
    x = side[0]
    body = tube(
        side,
        nodes=[
            (14, 32, 5, 2),
            (9, 21, 13, 4),
            (8, 6, 18, 4),
            (9, -10, 21, 4),
            (14, -26, 21, 5),
            (21, -40, 13, 6),
        ],
    )
    occipital = tube(side, nodes=[(22, -40, 12, 6), (27, -56, 7, 4), (25, -72, 5, 2)])
    temporal = tube(side, nodes=[(24, -40, 9, 5), (33, -32, -5, 3), (33, -14, -17, 2.2)])
    lateral = union(union(body, occipital, blend=5.0), temporal, blend=4.0)
    medial = tube(
        side, nodes=[(2, 27, 5, 1.5), (2.5, 6, 12, 2.5), (3, -20, 17, 3), (8, -34, 16, 3)]
    )
    lateral = union(lateral, medial, blend=6.0)
    septum = 0.8 - x
    third = ellipsoid(side, centre=(0, -11, 0), radii=(2.2, 16, 11))
    aqueduct = tube(side, nodes=[(0, -26, -4, 1.4), (0, -36, -22, 1.4)])
    fourth = ellipsoid(side, centre=(0, -43, -32), radii=(8, 5, 11))
    return join(np.maximum(lateral, septum), third, aqueduct, fourth)


def _choroid(side: Points, grid: Grid, *, seed: int) -> np.ndarray:
    plexus = tube(
        side, nodes=[(12, -18, 18, 0.8), (21, -36, 13, 1.7), (24, -44, 9, 1.5), (29, -36, 0, 0.6)]
    )
    return plexus + np.float32(0.8) * smooth_noise(grid, scale=1.5, seed=seed, name="choroid")


def _vessels(
    grid: Grid, points: Points, outline: Outline, sulci: np.ndarray, *, seed: int
) -> np.ndarray:
    """Venous sinuses, falx, basal arteries, and cortical vessels where two fields cross zero."""
    x, y, z = points
    side = (np.abs(x), y, z)
    rim = np.abs(outline.hull + 1.5)
    sagittal = np.hypot(x, rim) - np.float32(3.2)
    sagittal = np.maximum(sagittal, -10 - z + 0.3 * (y + 60))
    falx = meet(np.abs(x) - 0.4, outline.hull, -outline.hull - 22, 4 - z)
    transverse = tube(side, nodes=[(3, -93, -10, 2.2), (40, -76, -16, 2.4), (52, -52, -24, 2.2)])
    arteries = tube(
        side, nodes=[(4, -2, -20, 1.4), (22, 4, -14, 1.3), (40, 6, -6, 1.2), (40, -14, 8, 0.9)]
    )
    basilar = tube(side, nodes=[(0, -13, -18, 1.5), (0, -12, -40, 1.5)])
    curves = np.hypot(
        smooth_noise(grid, scale=3.5, seed=seed, name="vessel a"),
        smooth_noise(grid, scale=3.5, seed=seed, name="vessel b"),
    )
    cortical = ramp((curves - 0.33) * 4, width=1.5) * (sulci | (np.abs(outline.hull) < 2))
    patches = smooth_noise(grid, scale=9, seed=seed, name="dura")
    dura = ramp(np.abs(outline.hull + 0.3) - 0.8, width=1.0) * ramp(1.2 - patches, width=1.0)
    large = join(sagittal, transverse, arteries, basilar)
    thin = np.maximum(dura, np.maximum(0.5 * ramp(falx, width=1.0), 0.75 * cortical))
    return np.maximum(ramp(large, width=1.5), thin)


def _mask(grid: Grid, outline: Outline, *, seed: int) -> np.ndarray:
    rough = 0.8 * smooth_noise(grid, scale=3.5, seed=seed, name="strip")
    mask = outline.hull + rough < 0
    labels, _ = ndimage.label(mask)
    return labels == np.bincount(labels.ravel())[1:].argmax() + 1
