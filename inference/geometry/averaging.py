"""Means over larger voxels, a plane at a time: a volume is never held as it is stored."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from inference.geometry.boxes import box_of
from inference.geometry.weighted_sums import weighted_sums

# Of a larger voxel: as much of it must be tissue for it to be tissue.
_HALF: Final = 0.5
# Of the first plane's sides, and of the voxels there: what surrounds a head is one value.
_CORNER: Final = 1 / 16
_CONSTANT: Final = 0.9


def averaged(
    planes: Iterable[np.ndarray], have: tuple[int, int, int], want: tuple[int, int, int]
) -> Iterator[np.ndarray]:
    """The planes of larger voxels, each as soon as its last one was taken.

    Args:
        planes: (X, Y) float32 each, in their order.
        have: As of :class:`PlaneAverager`.
        want: As there.
    """
    averager = PlaneAverager(have, want)
    for plane in planes:
        finished = averager.add(plane)
        if finished is not None:
            yield finished


def area_weights(have: int, want: int) -> np.ndarray:
    """(want, have) float32: the share that each of ``have`` voxels has in each larger one."""
    edges = np.arange(want + 1) * have / want
    first, last = edges[:-1, None], edges[1:, None]
    places = np.arange(have)[None]
    shares = np.minimum(places + 1, last) - np.maximum(places, first)
    return (np.maximum(shares, 0) * want / have).astype(np.float32)


class PlaneAverager:
    """Takes the planes of a volume in their order and gives those of the larger voxels.

    Tissue is what is not exactly the background, for everything after this too: 0, or the one value
    in the corners of the first plane. A larger voxel is tissue where at least half of it is, takes
    its value from that half alone, and is exactly the background elsewhere. One that a voxel
    without a value lies in has none.

    Args:
        have: Voxels along the three axes of the volume.
        want: Those of the answer, no more.
    """

    def __init__(self, have: tuple[int, int, int], want: tuple[int, int, int]) -> None:
        self._have, self._want = have[2], want[2]
        self._across, self._up = map(area_weights, have[:2], want[:2])
        self._sum = np.zeros(have[:2], np.float32)
        self._tissue = np.zeros(have[:2], np.float32)
        self._taken = self._given = 0
        self._level = np.float32(0)

    def add(self, plane: np.ndarray) -> np.ndarray | None:
        """Take the next plane.

        Args:
            plane: (X, Y) float32.

        Returns:
            The next plane of larger voxels, where this one completes it.
        """
        if not self._taken:
            self._level = _surrounding(plane)
        # In parts of a plane, as whole numbers: no rounding decides where a larger voxel ends.
        end = (self._given + 1) * self._have
        self._taken += 1
        beyond = self._taken * self._want - end
        inside = min(self._want, self._want - beyond) / self._want
        self._put(plane, inside)
        if beyond < 0:
            return None
        finished = self._finish()
        self._given += 1
        if beyond:
            self._put(plane, 1 - inside)
        return finished

    def _put(self, plane: np.ndarray, share: float) -> None:
        tissue = plane != self._level
        if tissue.any():
            weight = np.float32(share * self._want / self._have)
            self._sum += weight * (plane - self._level)
            self._tissue += weight * tissue

    def _finish(self) -> np.ndarray:
        total, tissue = self._sum, self._tissue
        if not tissue.any():
            return np.full((len(self._across), len(self._up)), self._level)
        strange = self._strange(total)
        share, mean = self._means(tissue), self._means(total)
        inside = share >= _HALF
        np.divide(mean, share, out=mean, where=inside)
        mean[~inside] = 0
        mean += self._level
        for value, places in strange.items():
            mean[places] = value
        total[...] = 0
        tissue[...] = 0
        return mean

    def _strange(self, total: np.ndarray) -> dict[float, np.ndarray]:
        """Where the larger voxels touch what is no number, which is 0 in ``total`` from here on."""
        found = {}
        for value, bad in ((np.inf, np.isinf(total)), (np.nan, np.isnan(total))):
            if bad.any():
                total[bad] = 0
                found[value] = self._means(bad.astype(np.float32)) > 0
        return found

    def _means(self, plane: np.ndarray) -> np.ndarray:
        """A plane of the volume, on the larger voxels."""
        return weighted_sums(weighted_sums(plane, 0, self._across), 1, self._up)


def _surrounding(plane: np.ndarray) -> np.float32:
    """The one value in the corners of a plane; 0 where there is none."""
    ends = [max(1, round(side * _CORNER)) for side in plane.shape]
    corners = plane[np.ix_(*([*range(n), *range(-n, 0)] for n in ends))]
    values, counts = np.unique(corners, return_counts=True)
    level = values[counts.argmax()]
    constant = counts.max() >= _CONSTANT * corners.size and np.isfinite(level)
    return np.float32(level if constant else 0)


class PlanePicker:
    """Takes planes likewise, and gives of every larger voxel the value in its middle.

    For numbers that have no mean: those of a label map.

    Args:
        have: As of :class:`PlaneAverager`.
        want: As there.
    """

    def __init__(self, have: tuple[int, int, int], want: tuple[int, int, int]) -> None:
        across, up, self._planes = (_middles(h, w) for h, w in zip(have, want, strict=True))
        self._places = np.ix_(across, up)
        self._taken = 0

    def add(self, plane: np.ndarray) -> np.ndarray | None:
        """As of :meth:`PlaneAverager.add`."""
        self._taken += 1
        return plane[self._places] if self._taken - 1 in self._planes else None


def _middles(have: int, want: int) -> np.ndarray:
    return ((np.arange(want) + 0.5) * have / want).astype(int)


def most_common(numbers: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """The numbers of a label map on larger voxels.

    Args:
        numbers: (X, Y, Z) uint8, background 0.
        shape: Of the answer, no more along any axis.

    Returns:
        0 where less than half of a larger voxel has a number, else the one most of it has.
    """
    found = np.zeros(shape, np.uint8)
    box = box_of(numbers)
    if box is None:
        return found
    weights = [
        area_weights(h, w)[:, side] for h, w, side in zip(numbers.shape, shape, box, strict=True)
    ]
    inside = numbers[box]
    marked, most = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    for value in np.unique(inside[inside != 0]):
        share = (inside == value).astype(np.float32)
        for axis, each in enumerate(weights):
            share = weighted_sums(share, axis, each)
        found[share > most] = value
        np.maximum(most, share, out=most)
        marked += share
    found[marked < _HALF] = 0
    return found
