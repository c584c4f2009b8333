"""The slices of a case in pieces that a network is shown at once."""

from typing import NamedTuple

import numpy as np

from inference.network.slice_adapter import SliceAdapter, Window


class Piece(NamedTuple):
    """Slices that are shown to a network together.

    Args:
        chosen: (n,) their places.
        window: The rows and columns of them that are shown.
    """

    chosen: np.ndarray
    window: Window

    @property
    def size(self) -> tuple[int, ...]:
        """(n, height, width): what a runtime has to prepare for anew."""
        return len(self.chosen), *(side.stop - side.start for side in self.window)


def pieces_of(
    reading: SliceAdapter, slices: np.ndarray, occupied: np.ndarray, *, batch: int, most: int
) -> list[Piece]:
    """The slices with tissue in pieces.

    The window is one for each batch, however many cores share it: an answer is the same on all.

    Args:
        reading: How the network looks at slices.
        slices: (Z, 4, H, W) of :func:`inference.network.preprocess.prepare`.
        occupied: The places of those with tissue.
        batch: How many slices in a row have one window.
        most: How many of them are a piece, at most.
    """
    tissue = np.asarray(reading.channels(slices).any(axis=1, keepdims=True))
    pieces = []
    for start in range(0, len(occupied), batch):
        together = occupied[start : start + batch]
        window = reading.window(reading.seen(tissue, together))
        pieces += [
            Piece(together[first : first + most], window) for first in range(0, len(together), most)
        ]
    return pieces
