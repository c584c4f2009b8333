"""From a case to what a network reads, and back. Training and inference both call this.

A slice stands as it is looked at: an axial one with rows from anterior to posterior, columns from
the patient's right to the left (radiological convention), so that a PNG from a viewer and a slice
of a volume reach the network the same way round. Coronal and sagittal ones have the crown at the
top.
"""

import time
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from common.axes import triple
from common.planes import AXIAL, PLANES
from inference.case import Case
from inference.geometry.boxes import Box as Box
from inference.network.head_mask import head_in_air
from inference.network.working_scale import AS_LEARNED, LEARNED_MM, NEAR_MM, Sampling

# Brain voxels beyond these percentiles are clipped: a few bright vessels, or the saturation of an
# 8-bit export, would otherwise move the mean and the deviation.
_CLIP_PERCENTILES = (0.5, 99.9)

_LEAST_DEVIATION = 1e-6  # of the largest value

# Where nobody knows the size of a pixel, the head gives it: about 170 pixels from front to back.
_HEAD_PIXELS = 170
_NEAR_HEAD_PIXELS = (100, 260)
# Beyond this a slice is not enlarged: whatever is so large at 1 mm is no head.
_MAX_WORKING = 512


@dataclass(frozen=True)
class Prepared:
    """What a network reads of a case.

    Args:
        slices: (Z, 4, H, W) float32, normalised, cropped to the brain; background is 0.
        box: Where the crop lies in the case's (X, Y, Z).
        seconds: What preparing took; every model that reads this needed it.
        sampling: What brings them to the scale that the networks learned at.
    """

    slices: np.ndarray
    box: Box
    seconds: float
    sampling: Sampling = AS_LEARNED

    @cached_property
    def tissue(self) -> np.ndarray:
        """(Z, H, W) bool: what is no background, without the noise of air around a head."""
        shown = np.asarray(self.slices.any(axis=1))
        head = head_in_air(from_slices(self.slices))
        return shown if head is None else shown & to_slices(head[None])[:, 0]


def prepare(case: Case) -> Prepared:
    """Crop to the brain, normalise every modality over the brain, cut into axial slices."""
    start = time.perf_counter()
    box = brain_box(case.volume)
    slices = to_slices(normalise(case.volume[(slice(None), *box)]))
    sampling = sampling_of(case, slices.shape[2:])
    return Prepared(slices, box, time.perf_counter() - start, sampling)


def sampling_of(case: Case, shape: tuple[int, int]) -> Sampling:
    """What the size of a case's voxels requires, with axial slices of (height, width) in pixels."""
    if not case.voxel_size_known:
        return Sampling(working_size(shape, None), slice_mm=None)
    across, up, apart = case.spacing
    return Sampling(working_size(shape, (up, across)), slice_mm=apart)


def working_size(
    shape: tuple[int, int], spacing: tuple[float, float] | None
) -> tuple[int, int] | None:
    """The (height, width) in pixels at which a slice is as large as those of the training.

    Args:
        shape: (height, width) of the slice, cropped to the head.
        spacing: Height and width of a pixel in mm; None where that is not known.

    Returns:
        None where the slice is near enough as it is.
    """
    if spacing is None:
        length = max(shape)
        shortest, longest = _NEAR_HEAD_PIXELS
        factors = [1.0 if shortest <= length <= longest else _HEAD_PIXELS / length] * 2
    else:
        least, most = NEAR_MM
        near = all(least <= size <= most for size in spacing)
        factors = [1.0 if near else size / LEARNED_MM for size in spacing]
    height, width = (max(1, round(n * f)) for n, f in zip(shape, factors, strict=True))
    if factors == [1.0, 1.0] or max(height, width) > _MAX_WORKING:
        return None
    return height, width


def brain_box(volume: np.ndarray) -> Box:
    """The smallest box that holds every voxel of (C, X, Y, Z) that is not exactly 0.

    An empty volume keeps one voxel, so that what follows needs no special case.
    """
    tissue = (volume != 0).any(axis=0)
    box = []
    for axis in range(3):
        others = tuple(other for other in range(3) if other != axis)
        inside = np.flatnonzero(tissue.any(axis=others))
        box.append(slice(int(inside[0]), int(inside[-1]) + 1) if inside.size else slice(0, 1))
    return triple(box)


def normalise(images: np.ndarray) -> np.ndarray:
    """Clipped z-score of every channel of (C, …) over its own tissue; background stays 0.

    Tissue is every voxel that is not exactly 0: skull-stripped images have a background of
    exactly 0, while tissue can be negative (BraTS-Africa). A channel that is all 0 stays so.
    """
    normalised = np.zeros(images.shape, np.float32)
    for channel, image in zip(normalised, images, strict=True):
        tissue = image != 0
        values = image[tissue]
        if values.size:
            channel[tissue] = _clipped_z_score(values)
    return normalised


def _clipped_z_score(values: np.ndarray) -> np.ndarray:
    clipped = np.clip(values, *np.percentile(values, _CLIP_PERCENTILES).astype(values.dtype))
    deviation = float(clipped.std(dtype=np.float64))
    # Of an image of one value the deviation is 0, or what rounding makes of it.
    least = _LEAST_DEVIATION * max(abs(float(clipped.min())), abs(float(clipped.max())))
    return (clipped - clipped.mean(dtype=np.float64)) / (max(deviation, least) or 1.0)


def to_slices(volume: np.ndarray, plane: str = AXIAL) -> np.ndarray:
    """(C, X, Y, Z) in RAS+ order to (N, C, H, W) slices as they are looked at.

    Args:
        volume: Any number of channels.
        plane: One of :data:`common.planes.PLANES`; N runs through its slices.
    """
    normal, across, up = PLANES[plane]
    turned = np.flip(volume, (1 + across, 1 + up))
    slices = np.moveaxis(turned, (1 + normal, 0, 1 + up, 1 + across), (0, 1, 2, 3))
    return np.ascontiguousarray(slices)


def from_slices(slices: np.ndarray, plane: str = AXIAL) -> np.ndarray:
    """(N, C, H, W) slices back to (C, X, Y, Z) in RAS+ order; undoes :func:`to_slices`."""
    normal, across, up = PLANES[plane]
    volume = np.moveaxis(slices, (0, 1, 2, 3), (1 + normal, 0, 1 + up, 1 + across))
    return np.flip(volume, (1 + across, 1 + up))


def with_neighbours(slices: np.ndarray, chosen: np.ndarray, offsets: tuple[int, ...]) -> np.ndarray:
    """(Z, C, H, W) slices to (n, S·C, H, W): each chosen one with those at ``offsets`` from it.

    Beyond the ends stands the last slice, so that a lone slice is its own neighbour.
    """
    places = np.clip(np.add.outer(chosen, offsets), 0, len(slices) - 1)
    return slices[places].reshape(len(chosen), -1, *slices.shape[2:])


def uncrop(cropped: np.ndarray, box: Box, shape: tuple[int, int, int]) -> np.ndarray:
    """Put what was computed inside ``box`` back into a (X, Y, Z) array of zeros."""
    whole = np.zeros(shape, cropped.dtype)
    whole[box] = cropped
    return whole
