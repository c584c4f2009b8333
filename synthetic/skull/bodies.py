"""Eyes, sinuses, muscles and bones as simple bodies, in the order they are painted.

Head coordinates in mm as in ``synthetic.grid``; what lies at positive x is there on both sides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from synthetic.grid import Box, Grid
from synthetic.shapes import Points, Position, ellipsoid, tube
from synthetic.skull.tissues import Tissue

Node = tuple[float, float, float, float]


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid along the axes; radii in mm."""

    centre: Position
    radii: Position

    def distance(self, points: Points) -> np.ndarray:
        """Signed distance in mm, negative inside."""
        return ellipsoid(points, centre=self.centre, radii=self.radii)

    def box(self) -> Box:
        """What holds all of it."""
        return tuple((c - r, c + r) for c, r in zip(self.centre, self.radii, strict=True))


@dataclass(frozen=True)
class Tube:
    """A tube along nodes (x, y, z, radius)."""

    nodes: tuple[Node, ...]

    def distance(self, points: Points) -> np.ndarray:
        """Signed distance in mm, negative inside."""
        return tube(points, nodes=self.nodes)

    def box(self) -> Box:
        """What holds all of it."""
        return tuple(
            (min(n[axis] - n[3] for n in self.nodes), max(n[axis] + n[3] for n in self.nodes))
            for axis in range(3)
        )


@dataclass(frozen=True)
class Part:
    """A body of one tissue.

    Args:
        tissue: What it is made of.
        body: Its shape.
        gap: Distance in mm from the brain below which it is not painted.
        shell: Thickness in mm of the cortical bone around it; 0 for none.
        cells: Whether only pieces of it are painted, as air in the mastoid.
    """

    tissue: Tissue
    body: Ellipsoid | Tube
    gap: float = 2.5
    shell: float = 0.0
    cells: bool = False


def _part(tissue: Tissue, *body: tuple[float, ...], **options: float) -> Part:
    """An ellipsoid from (centre), (radii); a tube from nodes of four numbers."""
    shape = Tube(body) if len(body[0]) == 4 else Ellipsoid(*body)
    return Part(tissue, shape, **options)


_T = Tissue
PARTS: Final = (
    # Muscles, glands and the tongue.
    _part(_T.MUSCLE, (70, 14, -12), (9, 30, 36)),
    _part(_T.MUSCLE, (55, 24, -84), (8, 17, 27)),
    _part(_T.MUSCLE, (36, 16, -68), (11, 18, 17)),
    _part(_T.MUSCLE, (19, -84, -92), (17, 14, 42)),
    _part(_T.MUSCLE, (36, -68, -96), (13, 16, 44)),
    _part(_T.MUSCLE, (54, -44, -58, 7), (46, -12, -100, 9), (40, 0, -145, 9)),
    _part(_T.MUSCLE, (11, -6, -95), (8, 6, 50)),
    _part(_T.MUSCLE, (0, 44, -106), (22, 32, 17)),
    _part(_T.MUSCLE, (0, 86, -92, 5), (26, 78, -92, 5)),
    _part(_T.GLAND, (60, -2, -78), (10, 15, 22)),
    _part(_T.VESSEL, (27, -6, -56, 3), (29, -8, -145, 3.5)),
    _part(_T.VESSEL, (36, -14, -58, 4), (38, -12, -145, 5)),
    # Bones with marrow.
    _part(_T.MARROW, (0, 6, -40, 7), (0, -14, -64, 5), shell=1.5),
    _part(_T.MARROW, (44, 66, -58, 5), (64, 48, -56, 5), (70, 14, -46, 4), shell=1.5),
    _part(_T.MARROW, (0, 84, -112, 8), (24, 72, -108, 8), (46, 28, -98, 7), shell=2.0),
    _part(_T.MARROW, (46, 28, -98, 7), (54, 8, -78, 5), (54, 2, -54, 4), shell=1.5),
    _part(_T.BONE, (0, 60, -84), (25, 22, 5)),
    _part(_T.BONE, (0, 80, -91, 4), (16, 74, -91, 4), (26, 52, -91, 4)),
    _part(_T.MARROW, (0, -24, -74, 9), (0, -22, -98, 9), shell=1.5),
    _part(_T.MARROW, (0, -22, -103, 9), (0, -24, -118, 9), shell=1.5),
    _part(_T.MARROW, (0, -25, -124, 9), (0, -28, -145, 9), shell=1.5),
    _part(_T.MARROW, (22, -36, -72, 8), (30, -36, -80, 6), shell=1.5),
    _part(_T.MARROW, (0, -66, -100, 5), (0, -92, -104, 4), shell=1.5),
    _part(_T.MARROW, (0, -66, -122, 5), (0, -92, -128, 4), shell=1.5),
    _part(_T.BONE, (34, -24, -42), (24, 9, 9)),
    _part(_T.BONE, (54, -40, -44), (12, 16, 20)),
    _part(_T.CSF, (22, -26, -38, 2), (36, -26, -38, 2)),
    # Air.
    _part(_T.AIR, (54, -42, -46), (10, 13, 17), cells=True),
    _part(_T.AIR, (50, -20, -40, 3), (95, -20, -44, 4)),
    _part(_T.MUCOSA, (0, 56, -62), (14, 34, 22)),
    _part(_T.AIR, (5, 58, -62), (3, 32, 20)),
    _part(_T.AIR, (10, 50, -68), (3, 24, 11), cells=True),
    _part(_T.BONE, (28, 50, -66), (15, 19, 17)),
    _part(_T.AIR, (28, 50, -66), (13, 17, 15)),
    _part(_T.BONE, (0, 44, -41), (14, 26, 13)),
    _part(_T.AIR, (6, 44, -41), (5, 22, 10), cells=True),
    _part(_T.BONE, (0, 16, -36), (16, 14, 13)),
    _part(_T.AIR, (7, 16, -37), (6, 11, 10), gap=4.0),
    _part(_T.BONE, (12, 73, -14), (15, 9, 13)),
    _part(_T.AIR, (11, 74, -13), (10, 5, 10), gap=4.0),
    _part(_T.MUCOSA, (0, 16, -74, 11), (0, 8, -145, 11)),
    _part(_T.AIR, (0, 18, -74, 7), (0, 10, -145, 7)),
    # Orbits.
    _part(_T.BONE, (32, 62, -39, 19), (16, 20, -33, 7)),
    _part(_T.FAT, (32, 62, -39, 17), (16, 20, -33, 5)),
    _part(_T.MUSCLE, (44, 62, -39, 1.8), (38, 44, -38, 2.8), (19, 22, -33, 2)),
    _part(_T.MUSCLE, (21, 62, -39, 1.8), (20, 44, -38, 2.8), (15, 22, -33, 2)),
    _part(_T.MUSCLE, (32, 60, -28, 1.8), (28, 44, -29, 2.6), (17, 22, -30, 2)),
    _part(_T.MUSCLE, (32, 60, -51, 1.8), (28, 44, -47, 2.6), (17, 22, -36, 2)),
    _part(_T.CSF, (31, 54, -39, 3.2), (24, 34, -37, 3), (13, 16, -31, 2.6)),
    _part(_T.CORD, (31, 54, -39, 2), (24, 34, -37, 2), (13, 16, -31, 2)),
    _part(_T.DURA, (32, 65, -39), (13, 13, 13)),
    _part(_T.VITREOUS, (32, 65, -39), (12, 12, 12)),
    _part(_T.LENS, (32, 73, -39), (4.5, 2, 4.5)),
    # The spinal canal.
    _part(_T.BONE, (0, -44, -70, 15), (0, -50, -145, 13)),
    _part(_T.FAT, (0, -44, -70, 12), (0, -50, -145, 10.5)),
    _part(_T.CSF, (0, -42, -60, 11), (0, -44, -76, 10), (0, -49, -145, 9)),
    _part(_T.CORD, (0, -39, -60, 7), (0, -43, -76, 5.5), (0, -48, -145, 5.5)),
)


def both_sides(part: Part, grid: Grid, box: Box) -> Iterator[tuple[slice, ...]]:
    """Where in the grid a part can lie, once a side."""
    (low, high), *rest = part.body.box()
    sides = [(low, high), (-high, -low)] if low >= 0 else [(-max(high, -low), max(high, -low))]
    for side in sides:
        near = [
            (max(a - 1, c), min(b + 1, d))
            for (a, b), (c, d) in zip((side, *rest), box, strict=True)
        ]
        if all(a < b for a, b in near):
            yield grid.window(tuple(near))[1]
