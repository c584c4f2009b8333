"""One brain mask from those of several sequences of a head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from inference.metrics.overlap import dice

# Masks of one head in sequences that lie on each other had a Dice of .976 or more with their vote,
# in each of 30 images of 10 heads (assets/results/brain_mask.json). Less is worth a warning.
LEAST_AGREEMENT: Final = 0.95


# eq=False: comparing two would compare their arrays, which has no one answer.
@dataclass(frozen=True, eq=False)
class CombinedMask:
    """The vote of several masks of one head.

    Args:
        mask: (X, Y, Z) bool.
        agreement: Dice of each mask with the vote, where both were scanned.
    """

    mask: np.ndarray
    agreement: tuple[float, ...]

    @property
    def doubtful(self) -> tuple[int, ...]:
        """Which of the masks agree less with the vote than any that was measured."""
        return tuple(i for i, share in enumerate(self.agreement) if share < LEAST_AGREEMENT)


def combine_masks(
    masks: Sequence[np.ndarray], scanned: Sequence[np.ndarray] | None = None
) -> CombinedMask:
    """Let masks of one head vote, once they lie on one grid; half of the votes are enough.

    Args:
        masks: (X, Y, Z) bool each.
        scanned: (X, Y, Z) bool each: where that sequence was scanned, and so may vote.

    Raises:
        ValueError: if there is none.
    """
    if not masks:
        raise ValueError("no masks to combine")
    seen = scanned or [np.ones(mask.shape, bool) for mask in masks]
    votes, voters = np.zeros(masks[0].shape, np.uint8), np.zeros(masks[0].shape, np.uint8)
    for mask, there in zip(masks, seen, strict=True):
        votes += mask & there
        voters += there
    together = (votes > 0) & (2 * votes >= voters)
    agreement = [
        dice(mask & there, together & there) for mask, there in zip(masks, seen, strict=True)
    ]
    return CombinedMask(together, tuple(agreement))
