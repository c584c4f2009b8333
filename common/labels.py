"""Label maps and the regions they stand for.

A model answers three nested questions per voxel (WT, TC, ET); a label map holds one answer.
The way between them is here and nowhere else.
"""

import numpy as np

from common.errors import InputError
from common.vocabulary import (
    BACKGROUND,
    ENHANCING_TUMOUR,
    NECROTIC_CORE,
    OEDEMA,
    REGION_LABELS,
    REGIONS,
)

_OLD_ENHANCING = 4  # BraTS to 2021


def to_brats_2023(labels: np.ndarray, *, source: str = "the truth") -> np.ndarray:
    """Read a label map of any BraTS release as uint8 in the numbering of 2023.

    Args:
        labels: Whole numbers of any dtype and shape. A 4 is read as 3.
        source: What the error calls the map, usually its file name.

    Raises:
        InputError: for fractions, other values than 0 to 4, or 3 and 4 side by side, where a
            guess could swap the tumour's parts.
    """
    found = np.unique(labels)
    if not np.isin(found, (0, 1, 2, 3, 4)).all():
        strange = [f"{value:g}" for value in found if value not in (0, 1, 2, 3, 4)][:3]
        raise InputError(
            f"{source} holds the value {', '.join(strange)}; a truth holds 0 for background, 1 for "
            "necrotic core, 2 for oedema and 3 (or 4) for enhancing tumour, and nothing between."
        )
    if 3 in found and 4 in found:
        raise InputError(
            f"{source} holds both 3 and 4, so its numbering is not known; BraTS writes the "
            "enhancing tumour as 3 (from 2023) or as 4 (to 2021), never both."
        )
    labels = labels.astype(np.uint8)
    labels[labels == _OLD_ENHANCING] = ENHANCING_TUMOUR
    return labels


def region_mask(labels: np.ndarray, region: str) -> np.ndarray:
    """Bool mask of one of ``REGIONS`` in a label map of any shape."""
    first, *others = REGION_LABELS[region]
    mask = labels == first
    for part in others:  # comparing is ten times faster here than np.isin
        mask |= labels == part
    return mask


def labels_to_regions(labels: np.ndarray) -> np.ndarray:
    """(…) label map to (3, …) bool masks in the order of ``REGIONS``."""
    return np.stack([region_mask(labels, region) for region in REGIONS])


def regions_to_labels(regions: np.ndarray) -> np.ndarray:
    """(3, …) bool masks in the order of ``REGIONS`` to a (…) uint8 label map.

    The order ET ⊂ TC ⊂ WT is enforced from the outside in: a voxel outside WT is background
    whatever the inner regions give, since WT is what all models are surest of.
    """
    whole, core, enhancing = regions
    labels = np.where(whole, np.uint8(OEDEMA), np.uint8(BACKGROUND))
    labels[whole & core] = NECROTIC_CORE
    labels[whole & core & enhancing] = ENHANCING_TUMOUR
    return labels
