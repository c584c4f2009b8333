"""The shape of a brain: cerebrum, cerebellum, brain stem and the clefts between them.

Sizes are those of an adult in atlas coordinates; one side is written down, for positive x, and
mirrored. Left and right differ because the points come in warped (see ``anatomy``).
"""

from dataclasses import dataclass

import numpy as np

from synthetic.shapes import Points, ellipsoid, intersection, join, meet, tube, union


@dataclass(frozen=True)
class Outline:
    """Signed distances in mm, negative inside.

    Args:
        cerebrum: Both hemispheres with their clefts cut out.
        cerebellum: The cerebellum.
        stem: Brain stem, from the midbrain to the medulla.
        hull: Everything with clefts and cisterns filled in, as a skull-stripping tool keeps it.
        core: The middle of the brain, under the corpus callosum, which no fissure parts.
    """

    cerebrum: np.ndarray
    cerebellum: np.ndarray
    stem: np.ndarray
    hull: np.ndarray
    core: np.ndarray


def make_outline(points: Points) -> Outline:
    """Draw the outline at the given points."""
    x, y, z = points
    side = (np.abs(x), y, z)
    cerebellum, stem = _cerebellum(side), _stem(side)
    solid = union(_dome(side), _temporal_lobe(side), blend=10.0)
    hull = union(union(solid, cerebellum, blend=18.0), stem, blend=18.0)
    core = ellipsoid((x * 0, y, z), centre=(0, -6, 1), radii=(1, 41, 28))
    cleft = np.minimum(_midline_cleft(side, core), _sylvian_cleft(side))
    tentorium = 1.6 - cerebellum
    cerebrum = np.maximum(solid, np.maximum(-cleft, tentorium))
    return Outline(cerebrum, cerebellum, stem, hull - 0.4, core)


def _dome(side: Points) -> np.ndarray:
    """Both hemispheres above the base: egg-shaped, narrower and lower in front."""
    x, y, z = side
    forward = (y + 13) / 83
    egg = 1 - 0.06 * forward - 0.04 * forward**2 * (forward > 0)
    dome = ellipsoid((x / egg, y, z), centre=(0, -13, 9), radii=(66, 82, 64))
    tent = _step(y, start=-5, end=-45)
    base = -21 + tent * (9 - 13 * _step(x, start=5, end=40))
    return intersection(dome, base - z, blend=14.0)


def _temporal_lobe(side: Points) -> np.ndarray:
    x, y, z = side
    outward, down = x - 0.12 * (10 - y), z - 0.10 * (-14 - y)
    return ellipsoid((outward, y, down), centre=(41, -16, -20), radii=(19, 41, 20))


def _cerebellum(side: Points) -> np.ndarray:
    hemisphere = ellipsoid(side, centre=(24, -64, -35), radii=(30, 29, 23))
    vermis = ellipsoid(side, centre=(0, -62, -28), radii=(14, 22, 24))
    notch = tube(side, nodes=[(0, -96, -40, 4), (0, -84, -62, 8)])
    return np.maximum(union(hemisphere, vermis, blend=6.0), -notch)


def _stem(side: Points) -> np.ndarray:
    midbrain = tube(side, nodes=[(5, -16, -2, 11), (6, -24, -16, 11)])
    pons = ellipsoid(side, centre=(0, -27, -31), radii=(17, 13, 13))
    medulla = tube(side, nodes=[(0, -30, -36, 11), (0, -40, -70, 7)])
    return union(union(midbrain, pons, blend=6.0), medulla, blend=6.0)


def _midline_cleft(side: Points, core: np.ndarray) -> np.ndarray:
    """The fissure between the hemispheres, wider towards the top; closed inside the core."""
    x, _, z = side
    half_width = 0.7 + 0.8 * _step(z, start=35, end=70)
    return np.maximum(x - half_width, -core)


def _sylvian_cleft(side: Points) -> np.ndarray:
    """The cleft between frontal and temporal lobe, down to the insula, and the insula's cistern."""
    x, y, z = side
    line = -11 + 0.5 * (18 - y) + 0.15 * (x - 40)
    half_width = 0.7 + 1.3 * _step(y, start=8, end=24)
    lips = meet(np.abs(z - line) - half_width, 38 - x, -42 - y, y - 30)
    insula = ellipsoid((x - 0.06 * (y + 5), y, z - line), centre=(39, -4, 2), radii=(1.3, 22, 12))
    pole = meet(np.abs(z - line + 3) - 1.6, 24 - x, 12 - y, y - 40)
    return join(lips, insula, pole)


def _step(value: np.ndarray, *, start: float, end: float) -> np.ndarray:
    """0 at ``start``, 1 at ``end``, smooth between and constant beyond."""
    part = np.clip((value - start) / (end - start), 0, 1)
    return part * part * (3 - 2 * part)
