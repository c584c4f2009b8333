"""The greys of a scan that was prepared, taken from its sequences as they came."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from common.axes import triple
from common.vocabulary import MODALITIES
from inference.case import Case
from inference.geometry.boxes import box_of
from inference.network.preprocess import Box, to_slices

# Below this share of its bright tissue, an image shows air around the head.
_AIR: Final = 0.1
_BRIGHT_PERCENTILE: Final = 99.0


@dataclass(frozen=True, eq=False)
class NativeGreys:
    """The sequences on the grid of one, as pictures of them are made from.

    Args:
        slices: (Z, 4, H, W) float32 inside ``box``, background exactly 0.
        box: Where they lie in the case's (X, Y, Z).
        tissue: (Z, H, W) bool: the brain.
    """

    slices: np.ndarray
    box: Box
    tissue: np.ndarray


def native_greys(case: Case, brain: np.ndarray) -> NativeGreys:
    """The greys of a case on the grid of one of its sequences.

    Args:
        case: As it came, without air.
        brain: (X, Y, Z) bool: where the brain is.
    """
    box = box_of(case.volume.any(axis=0)) or triple(slice(0, size) for size in case.shape)
    slices = to_slices(case.volume[(slice(None), *box)])
    return NativeGreys(slices, box, to_slices(brain[None][(slice(None), *box)])[:, 0])


def without_air(case: Case, modality: str) -> Case:
    """The same with exactly 0 outside the box of the head, where there is noise alone.

    Args:
        case: As it came; its voxels are changed.
        modality: The sequence whose grid it is on.
    """
    shown = case.volume[MODALITIES.index(modality)]
    head = box_of(shown > _AIR * np.percentile(shown, _BRIGHT_PERCENTILE))
    if head is None:
        return case
    outside = np.ones(case.shape, bool)
    outside[head] = False
    case.volume[:, outside] = 0
    return case
