"""What a model drew, on another grid.

Probabilities say where between two voxels a region ends. A label map has forgotten it: a rim of one
voxel that is cut on one grid and once more on another is gone.
"""

import numpy as np

from common.axes import triple
from common.labels import labels_to_regions
from inference.geometry.boxes import Box, box_of, with_margin
from inference.geometry.native_grid import NativeGrid
from inference.network.postprocess import as_drawn, limits_of
from inference.network.segmentation import Segmentation
from inference.preparation.native_space import ONE_HALF, cut_on, labels_on


def drawn_on(
    segmentation: Segmentation, *, of: NativeGrid, onto: NativeGrid, motion: np.ndarray
) -> np.ndarray:
    """Bring the label map of a model onto another grid.

    Args:
        segmentation: Labels that its probabilities do not give, or that have none, are voted.
        of: Its grid.
        onto: The grid of the answer.
        motion: (4, 4) from the world of ``onto`` to that of ``of``, in mm.

    Returns:
        (X, Y, Z) uint8 in RAS+ order.
    """
    drawn, box = box_of(segmentation.labels), segmentation.box
    if drawn is None or not segmentation.probabilities.size:
        return labels_on(segmentation.labels, of=of, onto=onto, motion=motion)
    limits = limits_of(segmentation.probabilities, regions=segmentation.regions)
    near = _common(with_margin(drawn, of.ras_shape, 1), box)
    inside = triple(
        slice(side.start - outer.start, side.stop - outer.start)
        for side, outer in zip(near, box, strict=True)
    )
    probabilities = segmentation.probabilities[(slice(None), *inside)]
    regions = labels_to_regions(segmentation.labels[near])
    if (regions & (probabilities <= limits)).any():
        return labels_on(segmentation.labels, of=of, onto=onto, motion=motion)
    maps = as_drawn(probabilities, regions, limits)
    return cut_on(maps, ONE_HALF, box=near, of=of, onto=onto, motion=motion)


def _common(one: Box, other: Box) -> Box:
    return triple(
        slice(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(one, other, strict=True)
    )
