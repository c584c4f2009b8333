"""The smallest box around what an array holds."""

import numpy as np

from common.axes import triple

Box = tuple[slice, slice, slice]


def box_of(mask: np.ndarray) -> Box | None:
    """The smallest box that holds every voxel of (X, Y, Z) that is not 0, None if there is none."""
    sides = [slice(None)] * mask.ndim
    for axis in range(mask.ndim):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        # Only where the axes before have something: a tumour is a small part of a head.
        hits = np.flatnonzero(mask[tuple(sides)].any(axis=others))
        if not hits.size:
            return None
        sides[axis] = slice(int(hits[0]), int(hits[-1]) + 1)
    return triple(sides)


def with_margin(box: Box, shape: tuple[int, ...], margin: int) -> Box:
    """A box and so many voxels around it, as far as an array of this shape reaches."""
    return triple(
        slice(max(side.start - margin, 0), min(side.stop + margin, length))
        for side, length in zip(box, shape, strict=True)
    )
