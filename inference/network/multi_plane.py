"""A network's answer for a scan: all axial slices, and other planes around what they find.

A network of slices does not see what lies above and below. One that has also learned from coronal
and sagittal slices answers for each voxel in three contexts, and the mean of the three is better
than any: view aggregation, Guha Roy et al. 2019, QuickNAT. Most of a head is no tumour in any of
them, so the other planes are read only around what the axial slices take for one.
"""

from collections.abc import Callable
from typing import Final, Protocol

import numpy as np

from common.axes import triple
from common.planes import AXIAL, PLANES
from inference.network.postprocess import without_specks
from inference.network.preprocess import Box, Prepared, from_slices, to_slices
from inference.network.working_scale import Sampling

Progress = Callable[[float], None]


class Predict(Protocol):
    """A network's output for slices: ``engine.predict`` without its network."""

    def __call__(
        self, slices: np.ndarray, *, sampling: Sampling = ..., progress: Progress | None = None
    ) -> np.ndarray:
        """(N, 4, H, W) normalised slices to (N, 3, H, W) float16 region probabilities."""
        ...


# What may be tumour, and how far around it the other planes are read; in voxels of about 1 mm.
_SUSPICIOUS: Final = 0.1
_MARGIN: Final = 8
# A network needs to see where in the head it is: at least so much of a slice, in few sizes.
_CONTEXT: Final = 96
_STEP: Final = 32
# Of a plane seen from the side every second slice is enough: a tumour is larger than a voxel.
_EVERY: Final = 2
# A slab thinner than this, seen from its side, is no slice of a head.
_LEAST_SIDE: Final = 64
# Of the work; how much the other planes are is known only once the axial slices are read.
_AXIAL_SHARE: Final = 0.6


def predict_volume(
    predict: Predict,
    prepared: Prepared,
    *,
    planes: tuple[str, ...] = (AXIAL,),
    progress: Progress | None = None,
) -> np.ndarray:
    """A network's prediction for every voxel.

    Args:
        predict: The network's answer for slices.
        prepared: Of :func:`inference.network.preprocess.prepare`.
        planes: Those that the network has learned from. Where voxels are not about 1 mm on every
            side, or the scan is a thin slab, other planes than the axial one are left out: they
            would look like nothing it has learned from.
        progress: Called with the share of the work done, from 0 to 1.

    Returns:
        (3, x, y, z) float16 region probabilities inside ``prepared.box``.
    """
    sides = (len(prepared.slices), *prepared.slices.shape[2:])
    others = [plane for plane in planes_read(planes, prepared.sampling, sides) if plane != AXIAL]
    report = progress or (lambda share: None)
    axial_share = _AXIAL_SHARE if others else 1.0
    slices = predict(
        prepared.slices, sampling=prepared.sampling, progress=_part(report, 0.0, axial_share)
    )
    probabilities = from_slices(slices)
    place = suspicious_place(probabilities[0]) if others else None
    if place is not None:
        inside, share = (slice(None), *place), (1 - axial_share) / len(others)
        total = probabilities[inside].astype(np.float32)
        for number, plane in enumerate(others):
            part = _part(report, axial_share + number * share, share)
            total += _seen_in(plane, predict, prepared, place, part)
        probabilities[inside] = total / (1 + len(others))
    report(1.0)
    return probabilities


def _part(report: Progress, start: float, share: float) -> Progress:
    """Reports a part of the work, which starts at a share of the whole and is a share of it."""
    return lambda done: report(start + share * done)


def planes_read(
    planes: tuple[str, ...], sampling: Sampling, sides: tuple[int, int, int]
) -> tuple[str, ...]:
    """Those of a network's planes in which a scan looks like what the network learned from."""
    return planes if sampling.is_as_learned and min(sides) >= _LEAST_SIDE else (AXIAL,)


def _seen_in(
    plane: str, predict: Predict, prepared: Prepared, place: Box, progress: Progress
) -> np.ndarray:
    """(3, x, y, z) probabilities in a place, from slices of a plane."""
    volume = from_slices(prepared.slices)
    around = context(place, plane, volume.shape[1:])
    slices = to_slices(volume[(slice(None), *around)], plane)
    some = predict(slices[::_EVERY], progress=progress)
    found = from_slices(between(some, len(slices)) * slices.any(axis=1, keepdims=True), plane)
    return found[(slice(None), *_within(place, around))]


def between(some: np.ndarray, count: int) -> np.ndarray:
    """(count, …) float32 from every second slice of them, the others halfway between their two.

    A last one with nobody behind it is like the one before.
    """
    every = np.empty((count, *some.shape[1:]), np.float32)
    every[::_EVERY] = some
    every[1:-1:_EVERY] = (every[:-2:_EVERY] + every[2::_EVERY]) / _EVERY
    if count % _EVERY == 0:
        every[-1] = some[-1]
    return every


def suspicious_place(whole: np.ndarray) -> Box | None:
    """The box around all that may be tumour, and a little more; None if nothing may.

    Args:
        whole: (x, y, z) probabilities of the whole tumour. What is small beside the largest piece
            does not count: it would make the box as large as the head.
    """
    suspicious = without_specks(whole > _SUSPICIOUS)
    if not suspicious.any():
        return None
    return triple(
        _grown(_extent(suspicious, axis), length, by=_MARGIN)
        for axis, length in enumerate(suspicious.shape)
    )


def context(place: Box, plane: str, shape: tuple[int, int, int]) -> Box:
    """What is shown of the slices of a plane that run through a place: it, and enough around it."""
    normal = PLANES[plane].normal
    return triple(
        side if axis == normal else _enlarged(side, length)
        for axis, (side, length) in enumerate(zip(place, shape, strict=True))
    )


def _extent(mask: np.ndarray, axis: int) -> slice:
    others = tuple(other for other in range(mask.ndim) if other != axis)
    places = np.flatnonzero(mask.any(axis=others))
    return slice(int(places[0]), int(places[-1]) + 1)


def _grown(side: slice, length: int, *, by: int) -> slice:
    return slice(max(side.start - by, 0), min(side.stop + by, length))


def _enlarged(side: slice, length: int) -> slice:
    """A side of one of a few lengths around this one, near its middle, within 0 to ``length``."""
    have = side.stop - side.start
    wanted = min(max(_CONTEXT, -(-have // _STEP) * _STEP), length)
    start = min(max(side.start - (wanted - have) // 2, 0), length - wanted)
    return slice(start, start + wanted)


def _within(place: Box, around: Box) -> Box:
    """A place counted from the corner of the box around it."""
    return triple(
        slice(inner.start - outer.start, inner.stop - outer.start)
        for inner, outer in zip(place, around, strict=True)
    )
