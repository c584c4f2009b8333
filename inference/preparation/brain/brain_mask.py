"""The brain in a head: found by a small network at 3 mm, drawn on the image's own grid.

The network sees any one sequence (:mod:`model_zoo.brain_mask`). At 3 mm it knows where the brain
ends to a fraction of a voxel, since it has learned how much of each is brain: a mask that is made
so coarse and brought back has a Dice of .99 against itself.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from inference.geometry.native_grid import NativeGrid
from inference.network.engine import logits_of
from inference.network.resizing import averaged, interpolated
from inference.preparation.brain.heads import normalise_head

if TYPE_CHECKING:
    from inference.network.engine import Network

GRID_MM: Final = 3.0
# Voxels of the canvas that heads lay on in training. The network normalises over all of it: on one
# that is fuller, as where no air was scanned, masks are a tenth too small.
CANVAS: Final = (64, 80, 72)


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class BrainMask:
    """A brain on an image's grid.

    Args:
        mask: (X, Y, Z) bool in RAS+ order; empty where no brain was found.
        volume_ml: What it holds, in millilitres.
    """

    mask: np.ndarray
    volume_ml: float


def find_brain(image: np.ndarray, grid: NativeGrid, *, model: "Network") -> BrainMask:
    """Find the brain in one image, of any sequence, with its skull.

    Args:
        image: (X, Y, Z) float32 in RAS+ order, any intensities.
        grid: Its grid.
        model: The network ``brain_mask`` of the registry.
    """
    return drawn(brain_logits(image, grid.ras_spacing, model), grid)


def drawn(logits: np.ndarray, grid: NativeGrid) -> BrainMask:
    """The brain on an image's own grid.

    Args:
        logits: Of :func:`brain_logits`.
        grid: The grid of the image.
    """
    mask = _whole_piece(interpolated(logits, grid.ras_shape) > 0)
    return BrainMask(mask, float(mask.sum()) * float(np.prod(grid.ras_spacing)) / 1000)


def brain_logits(
    image: np.ndarray, spacing: tuple[float, float, float], model: "Network"
) -> np.ndarray:
    """(x, y, z) logits of brain over the image's field of view, in voxels of about 3 mm.

    Args:
        image: (X, Y, Z) in RAS+ order.
        spacing: Voxel size in mm.
        model: The network.
    """
    coarse = _coarse(np.asarray(image, np.float32), spacing)
    canvas, place = _on_canvas(coarse - coarse.min())
    return logits_of(model, normalise_head(canvas)[None, None])[0, 0][place]


def _coarse(image: np.ndarray, spacing: tuple[float, float, float]) -> np.ndarray:
    """The image in voxels of about 3 mm: averaged where it is finer, interpolated where coarser."""
    wanted = tuple(
        max(1, round(size * step / GRID_MM))
        for size, step in zip(image.shape, spacing, strict=True)
    )
    finer = tuple(min(size, had) for size, had in zip(wanted, image.shape, strict=True))
    return interpolated(averaged(image, finer), wanted)


def _on_canvas(head: np.ndarray) -> tuple[np.ndarray, tuple[slice, ...]]:
    """A head whose darkest is 0 in the middle of a canvas of air, and its place there."""
    missing = [max(0, least - size) for least, size in zip(CANVAS, head.shape, strict=True)]
    ends = [(more // 2, more - more // 2) for more in missing]
    place = tuple(
        slice(before, before + size) for (before, _), size in zip(ends, head.shape, strict=True)
    )
    return np.pad(head, ends), place


def _whole_piece(mask: np.ndarray) -> np.ndarray:
    """The largest connected piece of a mask, its holes filled."""
    from scipy import ndimage

    box = ndimage.find_objects(mask.astype(np.uint8))
    if not box:
        return mask
    pieces, count = ndimage.label(mask[box[0]])
    if count > 1:
        pieces = pieces == 1 + np.bincount(pieces.ravel())[1:].argmax()
    whole = np.zeros_like(mask)
    whole[box[0]] = ndimage.binary_fill_holes(pieces)
    return whole
