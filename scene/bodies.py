"""Which surfaces a scene holds, and how many triangles each may have.

An ordinary laptop turns 60 000 triangles smoothly; they are shared out among all panels.
"""

from typing import Final

import numpy as np

from common.labels import region_mask
from report.drawing.images import Images
from scene.surface import Surface, mask_surface

MOST_TRIANGLES: Final = 60_000
_BRAIN_SHARE: Final = 0.3
_BRAIN_SMOOTHING_MM: Final = 2.0
_PART_SMOOTHING_MM: Final = 0.8
BRAIN_COLOUR: Final = "#c9ced6"


def brain_triangles(panels: int) -> int:
    """How many triangles the brain may have in each of so many panels."""
    return int(MOST_TRIANGLES * _BRAIN_SHARE / panels)


def part_triangles(surfaces: int) -> int:
    """How many triangles each of so many surfaces of tumour may have, over all panels."""
    return int(MOST_TRIANGLES * (1 - _BRAIN_SHARE) / surfaces)


def brain_surface(images: Images, affine: np.ndarray, most_triangles: int) -> Surface | None:
    """The outside of the tissue: of the brain, or of the head where the skull is still there."""
    return mask_surface(
        images.tissue,
        affine,
        most_triangles=most_triangles,
        smoothing_mm=_BRAIN_SMOOTHING_MM,
        origin=tuple(side.start for side in images.box),
        solid=True,
    )


def part_surface(
    labels: np.ndarray, part: int | str, affine: np.ndarray, most_triangles: int
) -> Surface | None:
    """The surface of a label, or of a region, of an (X, Y, Z) label map."""
    mask = region_mask(labels, part) if isinstance(part, str) else labels == part
    return mask_surface(
        mask, affine, most_triangles=most_triangles, smoothing_mm=_PART_SMOOTHING_MM
    )
