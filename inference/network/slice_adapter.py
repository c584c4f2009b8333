"""What a network reads of prepared slices, and how its answers come back onto them.

The networks differ in this and in nothing else: all of them see slices of
:func:`inference.network.preprocess.prepare`; some only a few modalities of them, some at one size
only, and some answer fewer regions than there are.
"""

from dataclasses import dataclass

import numpy as np

from common.vocabulary import MODALITIES, REGIONS
from inference.network.preprocess import with_neighbours
from inference.network.resizing import stretched
from inference.network.working_scale import AS_LEARNED, Sampling

ANY_SIZE = "any"

# Every new size costs a runtime a moment to prepare for, so there are few; the encoders halve a
# slice up to five times.
_WINDOW_STEP = 32

Window = tuple[slice, slice]


@dataclass(frozen=True)
class SliceAdapter:
    """How one network looks at slices.

    Args:
        modalities: The channels it reads, in order.
        neighbours: Offsets of the slices it reads beside each, where slices are 1 mm apart.
        regions: The channels it answers, in order.
        size: (height, width) in pixels it works at, or ``"any"``.
        sampling: What brings the case to the scale it learned at.
    """

    modalities: tuple[str, ...] = MODALITIES
    neighbours: tuple[int, ...] = (0,)
    regions: tuple[str, ...] = REGIONS
    size: tuple[int, int] | str = ANY_SIZE
    sampling: Sampling = AS_LEARNED

    def shown(self, slices: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """(Z, 4, H, W) prepared slices to (n, S·C, h, w): what it sees of the chosen ones."""
        return self.seen(self.channels(slices), chosen)

    def seen(self, channels: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """(Z, C, H, W) channels to (n, S·C, h, w): the chosen slices with their neighbours."""
        offsets = self.sampling.offsets(self.neighbours)
        return self.fitted(with_neighbours(channels, chosen, offsets))

    def channels(self, slices: np.ndarray) -> np.ndarray:
        """(Z, 4, H, W) to (Z, C, H, W): the modalities it reads."""
        if self.modalities == MODALITIES:
            return slices
        return slices[:, [MODALITIES.index(modality) for modality in self.modalities]]

    def fitted(self, images: np.ndarray) -> np.ndarray:
        """(n, K, H, W) to (n, K, h, w) at the size it works at.

        One of its own is reached in proportion and centred; the working size by stretching, since
        a pixel need not be square.
        """
        if isinstance(self.size, str):
            working = self.sampling.size
            return images if working is None else stretched(images, working)
        height, width = images.shape[-2:]
        top, left, bottom, right = _margins((height, width), self.size)
        framed = np.pad(images, [(0, 0), (0, 0), (top, bottom), (left, right)])
        return stretched(framed, self.size)

    def window(self, images: np.ndarray) -> Window:
        """Rows and columns of (n, K, h, w) that hold all tissue: what has to be shown to it.

        A slice through the crown is smaller than one through the temples; whoever shows both in
        the frame of the larger computes a third more. A network of one size is shown all of it.
        """
        rows, columns = images.shape[-2:]
        if self.size != ANY_SIZE:
            return slice(0, rows), slice(0, columns)
        tissue = np.asarray(images.any(axis=(0, 1)))
        return _covering(np.any(tissue, axis=1)), _covering(np.any(tissue, axis=0))

    def answers(self, probabilities: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        """(n, R, h, w) of its regions to (n, 3, H, W) of all, 0 for those it does not answer."""
        back = self._unfitted(probabilities, size)
        if self.regions == REGIONS:
            return back
        every = np.zeros((len(back), len(REGIONS), *size), back.dtype)
        every[:, [REGIONS.index(region) for region in self.regions]] = back
        return every

    def _unfitted(self, images: np.ndarray, size: tuple[int, int]) -> np.ndarray:
        if isinstance(self.size, str):
            return images if self.sampling.size is None else stretched(images, size)
        top, left, bottom, right = _margins(size, self.size)
        frame = (top + size[0] + bottom, left + size[1] + right)
        framed = stretched(images, frame)
        return framed[..., top : top + size[0], left : left + size[1]]


def _margins(size: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int, int, int]:
    """Rows above, columns left, rows below, columns right that give the wanted proportions."""
    scale = max(have / want for have, want in zip(size, wanted, strict=True))
    room = [max(0, round(want * scale) - have) for have, want in zip(size, wanted, strict=True)]
    top, left = (each // 2 for each in room)
    return top, left, room[0] - top, room[1] - left


def _covering(occupied: np.ndarray) -> slice:
    """The stretch that covers all True of (n,), of a few lengths only, near their middle."""
    places = np.flatnonzero(occupied)
    if not len(places):
        return slice(0, len(occupied))
    first, after = int(places[0]), int(places[-1]) + 1
    length = min(-(-(after - first) // _WINDOW_STEP) * _WINDOW_STEP, len(occupied))
    start = first - (length - (after - first)) // 2
    start = min(max(start, 0), len(occupied) - length)
    return slice(start, start + length)


def slice_adapter_of(model: object, *, sampling: Sampling = AS_LEARNED) -> SliceAdapter:
    """How a network reads slices; one without a contract reads all modalities of one slice.

    Args:
        model: The network.
        sampling: See :class:`SliceAdapter`.
    """
    contract = {
        name: getattr(model, name)
        for name in ("modalities", "neighbours", "regions", "size")
        if hasattr(model, name)
    }
    return SliceAdapter(**contract, sampling=sampling)
