"""The head in a scan whose air is not 0: a scanner measures noise there.

Skull-stripped images have a background of exactly 0, and all that is not 0 is tissue. Where the
skull is on, half of what is not 0 may be noise: who counts the pixels of a head, or draws its
surface, has to leave it out. The normalisation does not: networks that learned from heads alone
were no better than those that learned from heads in their noise.
"""

from typing import Final

import numpy as np

# Noise is below this share of the brightest tissue (its 99th percentile); so is little of a head,
# in one modality, and next to nothing in all.
_NOISE: Final = 0.1
_BRIGHTEST: Final = 99
# The corners of the box around a brain, as a share of its sides, are empty; around a head, noise.
_CORNER: Final = 1 / 16
# The corners' percentiles that air and the most of its noise are taken to be.
_AIR: Final = (50, 90)
# Noise is darker than this share of the brightest; corners that are not hold tissue, as where a
# part of a head was cut out.
_DARK: Final = 0.5
# Noise that is less than this share of the head is no harm: stray voxels.
_HARMLESS: Final = 0.05
# A field of view may be round, with noise in the circle and 0 in the corners. What is dark in it is
# about half of the head or more; around a brain that was stripped it is fluid, which is less.
_AROUND: Final = 0.45
# Of fewer voxels, as in one slice of the crown, the brightest specks alone would be the head.
_LEAST: Final = 4096
# What a scalp is thick, and its echoes are not: specks of noise are worn away by so many pixels.
_SPECK: Final = 2


def head_in_air(images: np.ndarray) -> np.ndarray | None:
    """Where the head is, if what surrounds it is noise.

    Args:
        images: (C, X, Y, Z) in RAS+ order, cropped to what is not 0; each channel in any unit, with
            a background, if there is one, of exactly 0.

    Returns:
        (X, Y, Z) bool, without holes in any axial slice; None where the surroundings are 0 already,
        and where there are none.
    """
    shown = (images != 0).any(axis=0)
    bright = _is_bright(images)
    if _corners(shown).any():
        return _found(bright, shown, more_than=_HARMLESS)
    dark = shown & ~bright
    if np.count_nonzero(shown) < _LEAST or np.count_nonzero(dark) <= _AROUND * bright.sum():
        return None
    return _found(bright, dark, more_than=_AROUND)


def _found(bright: np.ndarray, around: np.ndarray, *, more_than: float) -> np.ndarray | None:
    """The head, if what is around it, of what may be noise, is more than a share of it."""
    if not bright.any():
        return None
    head = _head(bright)
    noise = np.count_nonzero(around & ~head)
    return head if noise > more_than * np.count_nonzero(head) else None


def _corners(image: np.ndarray) -> np.ndarray:
    """The four corners of every axial slice of (X, Y, Z)."""
    wide, high = (max(1, round(side * _CORNER)) for side in image.shape[:2])
    return image[[*range(wide), *range(-wide, 0)]][:, [*range(high), *range(-high, 0)]]


def _is_bright(images: np.ndarray) -> np.ndarray:
    """(X, Y, Z) bool: brighter than noise in any modality."""
    bright = np.zeros(images.shape[1:], bool)
    for image in images:
        values = image[image != 0]
        if not values.size:
            continue
        darkest, brightest = values.min(), np.percentile(values, _BRIGHTEST)
        corners = _corners(image)
        air, noise = np.percentile(np.where(corners, corners, darkest), _AIR)
        if noise - darkest < _DARK * (brightest - darkest):
            bright |= (image != 0) & (image > air + _NOISE * (brightest - air))
    return bright


def _head(bright: np.ndarray) -> np.ndarray:
    """The largest piece of what is bright, with what it encloses in any axial slice."""
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    in_slice = ndimage.generate_binary_structure(3, 1)
    in_slice[:, :, [0, 2]] = False
    filled = ndimage.binary_fill_holes(bright, in_slice)
    worn = ndimage.binary_erosion(filled, in_slice, iterations=_SPECK)
    pieces, _ = ndimage.label(worn)
    sizes = np.bincount(pieces.ravel())
    if len(sizes) == 1:
        return filled
    sizes[0] = 0
    core = pieces == sizes.argmax()
    return ndimage.binary_dilation(core, in_slice, iterations=_SPECK + 1) & filled
