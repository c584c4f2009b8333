"""The greys of a scan that was prepared, taken from its sequences as they came."""

from collections.abc import Iterable
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


def native_greys(
    images: Iterable[tuple[str, np.ndarray]], brain: np.ndarray, box: Box
) -> NativeGreys:
    """The greys of a case on the grid of one of its sequences.

    Args:
        images: Modality of each and its (X, Y, Z) in the box, one after the other.
        brain: (X, Y, Z) bool on the whole grid: where the brain is.
        box: Where the head lies.
    """
    tissue = to_slices(brain[None][(slice(None), *box)])[:, 0]
    slices = np.zeros((len(tissue), len(MODALITIES), *tissue.shape[1:]), np.float32)
    for name, image in images:
        slices[:, MODALITIES.index(name)] = to_slices(image[None])[:, 0]
    return NativeGreys(slices, box, tissue)


def greys_of(case: Case, brain: np.ndarray) -> NativeGreys:
    """Likewise, of a case that is held whole.

    Args:
        case: As it came, without air.
        brain: As of :func:`native_greys`.
    """
    box = box_of(case.volume.any(axis=0)) or triple(slice(0, size) for size in case.shape)
    inside = zip(MODALITIES, case.volume[(slice(None), *box)], strict=True)
    return native_greys(inside, brain, box)


def head_box(image: np.ndarray) -> Box | None:
    """The box of the head in an image; None where it shows nothing.

    Args:
        image: (X, Y, Z), as it came.
    """
    return box_of(image > _AIR * np.percentile(image, _BRIGHT_PERCENTILE))


def without_air(case: Case, modality: str) -> Case:
    """The same with exactly 0 outside the box of the head, where there is noise alone.

    Args:
        case: As it came; its voxels are changed.
        modality: The sequence whose grid it is on.
    """
    head = head_box(case.volume[MODALITIES.index(modality)])
    if head is None:
        return case
    outside = np.ones(case.shape, bool)
    outside[head] = False
    case.volume[:, outside] = 0
    return case
