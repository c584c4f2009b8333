"""Brightness as the networks expect it: background exactly 0, tissue brighter, no stray voxels.

People give images that were shifted, scaled, inverted, or damaged in a few voxels. What surrounds
the head tells; an image as BraTS prepares it is left as it is, bit for bit.
"""

from typing import Final

import numpy as np

# Of each side; a head leaves the corners of its box empty.
_CORNER: Final = 1 / 16
# Of the corners' voxels, so that a few stray ones do not matter.
_CONSTANT: Final = 0.9
_LEAST_BACKGROUND: Final = 0.05
# Z-scores have half of their tissue below 0, the darkest tissue of BraTS-Africa a few voxels.
_NEARLY_ALL: Final = 0.95
# A white frame around a picture is no background: inside it black is common.
_COMMON: Final = 0.1
# Times the 90th percentile of the tissue; below 5 in patients of BraTS.
_FAR: Final = 8.0
_BRIGHT: Final = 90
_SAMPLE: Final = 200_000
# Of the 26 voxels around one: at the edge of a brain about half are tissue.
_FEW_NEIGHBOURS: Final = 6
_MOST_STRAY: Final = 0.05
# Below this an image is enlarged by a power of two, which changes no ratio of its values.
_SMALL: Final = 1e-2


def settle_brightness(image: np.ndarray, *, name: str) -> list[str]:
    """Shift, turn back, clear or scale an image, where what surrounds the head says it needs it.

    Args:
        image: (X, Y, Z) float32 of finite values, more than one of them; changed in place.
        name: What the notes call it.

    Returns:
        A sentence for each thing that was done and may be wrong.
    """
    notes = []
    level = background_level(image)
    if level:
        image -= np.float32(level)
    if _is_inverted(image):
        np.negative(image, out=image)
        notes.append(
            f"{name} has a background that is brighter than the head, so it was read as inverted "
            "and turned back; check the picture."
        )
    elif level:
        notes.append(f"{name}: the constant {level:g} around the head was read as its background.")
    stray = _stray_voxels(image)
    if stray is not None:
        image[stray] = 0
        notes.append(
            f"{name}: {stray[0].size} voxels outside the head, far brighter than it, were read as "
            "background."
        )
    _enlarge(image)
    return notes


def background_level(image: np.ndarray) -> float:
    """The one value that surrounds a head, 0 where it is 0 or there is no such value."""
    values, counts = np.unique(_corners(image), return_counts=True)
    level, share = values[counts.argmax()], counts.max() / counts.sum()
    if level == 0 or share < _CONSTANT:
        return 0.0
    if np.count_nonzero(image == level) < _LEAST_BACKGROUND * image.size:
        return 0.0
    return 0.0 if _is_a_frame(image, level) else float(level)


def _is_a_frame(image: np.ndarray, level: float) -> bool:
    """Whether the value around an image is its brightest, with black inside as around any head."""
    darkest = image.min()
    common = np.count_nonzero(image == darkest) > _COMMON * image.size
    return bool(common) and bool(level == image.max())


def _corners(image: np.ndarray) -> np.ndarray:
    """The voxels in the eight corners of (X, Y, Z)."""
    ends = [max(1, round(side * _CORNER)) for side in image.shape]
    places = [[*range(n), *range(-n, 0)] for n in ends]
    return image[np.ix_(*places)].ravel()


def _is_inverted(image: np.ndarray) -> bool:
    negative = np.count_nonzero(image < 0)
    return bool(negative and negative >= _NEARLY_ALL * np.count_nonzero(image))


def _stray_voxels(image: np.ndarray) -> tuple[np.ndarray, ...] | None:
    """Where voxels are far brighter or darker than any tissue, with background around them."""
    flat = image.ravel()
    sample = flat[:: max(1, flat.size // _SAMPLE)]
    sample = np.abs(sample[sample != 0])
    if not sample.size:
        return None
    limit = _FAR * float(np.percentile(sample, _BRIGHT))
    if max(float(image.max()), -float(image.min())) <= limit:
        return None
    far = np.nonzero(np.abs(image) > limit)
    if far[0].size > _MOST_STRAY * np.count_nonzero(image):
        return None
    alone = _tissue_around(image, far, limit) <= _FEW_NEIGHBOURS
    return tuple(axis[alone] for axis in far) if alone.any() else None


def _tissue_around(image: np.ndarray, places: tuple[np.ndarray, ...], limit: float) -> np.ndarray:
    """How many of the 26 voxels around each place are tissue: not 0, and not as far themselves."""
    found = np.zeros(places[0].size, int)
    for step in np.ndindex(3, 3, 3):
        around = [axis + move - 1 for axis, move in zip(places, step, strict=True)]
        inside = np.all(
            [(at >= 0) & (at < n) for at, n in zip(around, image.shape, strict=True)], axis=0
        )
        clipped = [np.clip(at, 0, n - 1) for at, n in zip(around, image.shape, strict=True)]
        values = image[tuple(clipped)]
        found += inside & (values != 0) & (np.abs(values) <= limit)
    return found


def _enlarge(image: np.ndarray) -> None:
    most = max(float(image.max()), -float(image.min()))
    if 0 < most < _SMALL:
        np.ldexp(image, -int(np.frexp(np.float32(most))[1]), out=image)
