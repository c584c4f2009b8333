"""One image given as two modalities: by a slip of the hand, or for want of the other.

The public LGG set puts FLAIR where a sequence is missing (Buda et al. 2019). A network that takes
the copy for the sequence sees nothing it has learned, and finds less than without it.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import Final

import numpy as np

from common.vocabulary import MODALITY_NAMES
from inference.io.scan_images import channel_of

# Which of the two an image is: FLAIR, as in that set, then whichever shows more of a tumour.
_LIKELIEST: Final = ("flair", "t1c", "t2", "t1")


def leave_out_copies(volume: np.ndarray, given: Iterable[str]) -> list[str]:
    """Empty every modality whose image is that of another one, voxel by voxel.

    Args:
        volume: (4, X, Y, Z), changed in place.
        given: The modalities that files were given for.

    Returns:
        A sentence for each that was left out.
    """
    names = [name for name in _LIKELIEST if name in set(given) and channel_of(volume, name).any()]
    copies: dict[str, str] = {}
    for kept, other in combinations(names, 2):
        if kept not in copies and _same(channel_of(volume, kept), channel_of(volume, other)):
            copies.setdefault(other, kept)
    for copy in copies:
        channel_of(volume, copy)[:] = 0
    return [
        f"{MODALITY_NAMES[copy]} is the same image as {MODALITY_NAMES[kept]}, so it was left out; "
        "give its own file if there is one."
        for copy, kept in copies.items()
    ]


def _same(image: np.ndarray, other: np.ndarray) -> bool:
    middle = image.shape[2] // 2
    # One slice distinguishes nearly all, in a hundredth of the time.
    return np.array_equal(image[..., middle], other[..., middle]) and np.array_equal(image, other)
