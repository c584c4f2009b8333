"""What every way of scoring needs of a set of slices: how many pixels agree in each."""

from dataclasses import dataclass

import numpy as np

from common.vocabulary import REGIONS


@dataclass(frozen=True)
class SliceCounts:
    """Pixels of each region in each of N slices.

    Args:
        overlap: (N, 3) drawn and true.
        predicted: (N, 3) in the predicted region.
        true: (N, 3) true.
        pixels: (N,) all pixels of the slice, tumour or not.
    """

    overlap: np.ndarray
    predicted: np.ndarray
    true: np.ndarray
    pixels: np.ndarray

    @classmethod
    def of(cls, predicted: np.ndarray, true: np.ndarray) -> "SliceCounts":
        """Count (3, N, …) bool regions slice by slice."""
        parts = (_per_slice(each) for each in (predicted & true, predicted, true))
        pixels = np.full(predicted.shape[1], int(np.prod(predicted.shape[2:])))
        return cls(*parts, pixels)

    @classmethod
    def join(cls, many: "list[SliceCounts]") -> "SliceCounts":
        """The slices of several, one after the other."""
        parts = ("overlap", "predicted", "true", "pixels")
        return cls(*(np.concatenate([getattr(each, part) for each in many]) for part in parts))

    def __len__(self) -> int:
        return len(self.pixels)

    def __getitem__(self, chosen: np.ndarray | slice) -> "SliceCounts":
        """Some of the slices."""
        return SliceCounts(
            self.overlap[chosen], self.predicted[chosen], self.true[chosen], self.pixels[chosen]
        )

    @property
    def with_tumour(self) -> np.ndarray:
        """(N,) whether a slice holds true tumour."""
        return self.true[:, 0] > 0

    def each_dice(self) -> np.ndarray:
        """(N, 3) Dice of every slice by itself; both empty is 1."""
        return _dice(self.overlap, self.predicted + self.true)

    def pooled_dice(self) -> np.ndarray:
        """(3,) Dice of all pixels of all slices together; both empty is 1."""
        return _dice(self.overlap.sum(0), self.predicted.sum(0) + self.true.sum(0))

    def background(self) -> "SliceCounts":
        """The counts of what is not the region, as though that were to be found."""
        pixels = self.pixels[:, None]
        overlap = pixels - self.predicted - self.true + self.overlap
        return SliceCounts(overlap, pixels - self.predicted, pixels - self.true, self.pixels)

    def accuracy(self) -> np.ndarray:
        """(3,) share of all pixels that are called rightly."""
        return (self.overlap + self.background().overlap).sum(0) / self.pixels.sum()


def by_region(values: np.ndarray) -> dict[str, float]:
    """(3,) values under the names of their regions."""
    return dict(zip(REGIONS, map(float, values), strict=True))


def _per_slice(regions: np.ndarray) -> np.ndarray:
    return np.count_nonzero(regions, axis=tuple(range(2, regions.ndim))).T


def _dice(overlap: np.ndarray, size: np.ndarray) -> np.ndarray:
    return np.where(size == 0, 1.0, 2.0 * overlap / np.maximum(size, 1))
