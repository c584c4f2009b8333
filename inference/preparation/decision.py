"""Whether the images of a case have to be prepared before a network sees them."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from common.vocabulary import MODALITY_NAMES
from inference.io.image_warnings import concerns
from inference.io.scan_images import ScanImage

# Mutual information and a brain's outline need a head, not a few slices of one.
_FEWEST_SLICES: Final = 8


def reason_to_prepare(images: Sequence[ScanImage]) -> str | None:
    """Why a case is prepared, in words; None where it is as BraTS prepares it.

    Such a case lies on one grid, and its background is exactly 0 around a brain.

    Args:
        images: Each on a grid of its own.
    """
    seen = [image for image in images if image.voxels.any()]
    if not seen or min(min(image.voxels.shape) for image in seen) < _FEWEST_SLICES:
        return None
    skulls = [MODALITY_NAMES[image.modality] for image in seen if has_skull(image)]
    if skulls:
        return f"The skull is on in {', '.join(skulls)}"
    first, *others = seen
    apart = [i for i in others if i.grid.differs_from(first.grid) is not None]
    if apart:
        return "The images lie on grids of their own"
    return None


def has_skull(image: ScanImage) -> bool:
    """Whether an image shows a whole head, or has a background other than 0."""
    return "skull" in concerns(image.voxels, image.grid.ras_spacing)


def stripped_brain(image: ScanImage) -> np.ndarray:
    """(X, Y, Z) bool: the brain of an image whose skull has been taken off already."""
    return image.voxels != 0
