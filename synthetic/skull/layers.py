"""From the brain outwards: CSF, dura, two tables of bone with marrow between, and the scalp."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from synthetic.fields import ramp, sample, smooth_noise
from synthetic.grid import Box, Grid
from synthetic.shapes import ellipsoid, tube, union
from synthetic.skull.bodies import PARTS, Part, both_sides
from synthetic.skull.tissues import Tissue

HEAD_AND_NECK: Final[Box] = ((-94.0, 94.0), (-130.0, 116.0), (-140.0, 100.0))
_SMOOTH: Final = 3.0  # mm, the skull does not follow a cleft
_COARSE: Final = 2  # voxels; the skin is smooth enough for every second one


@dataclass(frozen=True)
class Scaffold:
    """Distances in mm that the tissues are laid out by.

    Args:
        grid: Grid of the whole head.
        brain: (X, Y, Z) distance outwards from the brain's hull, 0 inside.
        skin: (X, Y, Z) signed distance to the skin, about right, negative inside.
    """

    grid: Grid
    brain: np.ndarray
    skin: np.ndarray


def make_scaffold(grid: Grid, hull: np.ndarray, *, seed: int) -> Scaffold:
    """Lay out a head around a brain.

    Args:
        grid: Grid of the whole head.
        hull: (X, Y, Z) bool, brain with its clefts filled in.
        seed: Seed of the case.
    """
    closed = ndimage.gaussian_filter(hull.astype(np.float32), [_SMOOTH / s for s in grid.spacing])
    brain = ndimage.distance_transform_edt(~(hull | (closed > 0.45)), sampling=grid.spacing)
    brain = ndimage.gaussian_filter(brain.astype(np.float32), [0.7 / s for s in grid.spacing])
    return Scaffold(grid, brain, _skin(grid, brain, seed=seed))


def lay_out(scaffold: Scaffold, *, seed: int) -> np.ndarray:
    """(X, Y, Z) uint8 map of ``Tissue``."""
    grid, skin = scaffold.grid, scaffold.skin
    lobules = smooth_noise(grid, scale=4.0, seed=seed, name="lobules", box=HEAD_AND_NECK)
    tissues = np.where(lobules > -0.6, np.uint8(Tissue.MUSCLE), np.uint8(Tissue.FAT))
    tissues[skin > -6.0] = Tissue.FAT
    outside = skin > 0
    for part in PARTS:
        _paint(tissues, part, scaffold, lobules)
    _scalp(tissues, skin)
    _vault(tissues, scaffold, seed=seed)
    tissues[outside & (scaffold.brain > 8)] = Tissue.AIR
    return tissues


def _skin(grid: Grid, brain: np.ndarray, *, seed: int) -> np.ndarray:
    every = (slice(None, None, _COARSE),) * 3
    coarse = Grid(grid.first, tuple(s * _COARSE for s in grid.spacing), brain[every].shape)
    uneven = smooth_noise(coarse, scale=16, seed=seed, name="scalp", box=HEAD_AND_NECK)
    x, y, z = coarse.points
    side = (np.abs(x), y, z)
    body = brain[every] - (13.0 + 0.8 * uneven)
    face = [
        ellipsoid(side, centre=(0, 32, -62), radii=(66, 52, 52)),
        ellipsoid(side, centre=(68, 14, -16), radii=(13, 36, 42)),
        ellipsoid(side, centre=(0, 52, -104), radii=(44, 42, 26)),
        ellipsoid(side, centre=(0, 70, -84), radii=(34, 24, 26)),
        tube(side, nodes=[(0, -30, -66, 64), (0, -38, -100, 58), (0, -42, -145, 56)]),
    ]
    for part in face:
        body = union(body, part, blend=16.0)
    nose = tube(side, nodes=[(0, 84, -36, 6), (0, 100, -64, 9), (0, 86, -70, 12)])
    lids = ellipsoid(side, centre=(32, 65, -39), radii=(17, 15, 15))
    ear = ellipsoid((side[0] - 0.35 * (-28 - y), y, z), centre=(80, -28, -34), radii=(5, 17, 28))
    for part, blend in ((nose, 6.0), (lids, 4.0), (ear, 3.0)):
        body = union(body, part, blend=blend)
    return sample(body, coarse, list(np.broadcast_arrays(*grid.points)))


def _paint(tissues: np.ndarray, part: Part, scaffold: Scaffold, lobules: np.ndarray) -> None:
    for window in both_sides(part, scaffold.grid, HEAD_AND_NECK):
        x, y, z = (
            np.take(p, range(s.start, s.stop), axis=axis)
            for axis, (p, s) in enumerate(zip(scaffold.grid.points, window, strict=True))
        )
        distance = part.body.distance((np.abs(x), y, z))
        inside = (distance < 0) & (scaffold.brain[window] > part.gap)
        if part.cells:
            inside &= np.abs(lobules[window]) > 0.35
        here = tissues[window]
        if part.shell:
            here[inside] = Tissue.BONE
            inside &= distance < -part.shell
        here[inside] = part.tissue


def _scalp(tissues: np.ndarray, skin: np.ndarray) -> None:
    """Skin, and fat under it, over everything but air that opens outwards."""
    under = (skin > -4.5) & (skin <= 0) & (tissues != Tissue.AIR) & (tissues != Tissue.LENS)
    under &= tissues != Tissue.VITREOUS
    tissues[under & (skin > -1.8)] = Tissue.SKIN
    muscle = under & (skin <= -1.8) & (tissues == Tissue.MUSCLE)
    tissues[muscle] = Tissue.FAT


def _vault(tissues: np.ndarray, scaffold: Scaffold, *, seed: int) -> None:
    """The bone around the brain: thick with marrow above, a thin plate below."""
    grid, brain = scaffold.grid, scaffold.brain
    z = grid.points[2]
    uneven = smooth_noise(grid, scale=14, seed=seed, name="skull", box=HEAD_AND_NECK)
    above = ramp(-12.0 - z, width=24.0)
    csf = 1.6 + 0.5 * uneven + 0.9 * above
    thick = 3.0 + 3.6 * above + 0.7 * uneven
    table = 1.5 + 0.2 * uneven
    foramen = tube(grid.points, nodes=[(0, -42, -55, 12), (0, -45, -90, 12)])
    bone = (brain > csf + 0.9) & (brain <= csf + thick + 0.9) & (foramen > 0)
    marrow = bone & (brain > csf + 0.9 + table) & (brain < csf + thick + 0.9 - table)
    tissues[bone & (tissues != Tissue.AIR)] = Tissue.BONE
    tissues[marrow & (above > 0.3) & (tissues == Tissue.BONE)] = Tissue.MARROW
    tissues[(brain > csf) & (brain <= csf + 0.9) & (foramen > 0)] = Tissue.DURA
    tissues[brain <= csf] = Tissue.BRAIN
