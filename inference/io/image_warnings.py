"""What about an image should make its user careful, measured and put in plain words.

These never block. Every measure is relative to the head itself, so that it holds for a picture
whose pixels have no known size.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

import numpy as np

from inference.geometry.native_grid import NativeGrid

# A head holds over 3 litres, the largest brain under 2.
_MAX_BRAIN_ML = 2200.0
# A brain fills about half of the tightest box around it.
_MIN_BACKGROUND = 0.25
# Going inwards from its edge a head has a bright scalp, a dark skull and a bright brain; a brain
# without a skull only gets brighter. The dip between, as a share of the inside's brightness, is
# under 0.13 in all four images of all 38 patients of BraTS (skull-stripped) and over 0.28 in 68 of
# 72 images of 24 patients of the LGG set (with their skull), in the median of five slices. With
# the other two criteria all 72 are found, and none of the 168 images of BraTS.
_MIN_SKULL_DIP = 0.2
_SKULL_DEPTH = 0.2  # of the radius of a disc of the same area
_INSIDE_DEPTH = 0.35
_RING = 0.025
_GAP = 0.015  # of the picture's length: holes in the ring of a scalp, where it is dark
_TISSUE = 0.12  # of the 99th percentile: above the noise around a head
_MIN_RADIUS = 12.0  # pixels; below, the rings of a head cannot be distinguished
_MIDDLE = (0.4, 0.45, 0.5, 0.55, 0.6)
# BraTS in 8 bits clips 0.05 % by design; up to 2 % of one slice of it, outside its middle.
_MAX_CLIPPED = 0.03
_FEW_LEVELS = 16  # a drawing, whose brightest value is no sign of anything
_SAMPLE = 50_000
_HEAD_MM = (80.0, 320.0)
_HEAD_PIXELS = (100, 260)
_MAX_STRETCH = 2.2
_MIN_ROUNDNESS = 0.45
_TRAINED_SPACING_MM = (0.8, 1.25)
_FEW_SLICES = 16

_SENTENCES: Final = {
    "constant": "One value only, so there is nothing to see and it will be left out: {images}.",
    "skull": (
        "By the look of it not skull-stripped, or with a background other than 0: {images}. All "
        "models but VGG16 U-Net learned from skull-stripped scans and can take skull or scalp for "
        "tumour."
    ),
    "clipped": (
        "The brightest parts are cut off: {images}. Export with the full range of values; "
        "bright tumour cannot be distinguished from other bright tissue there."
    ),
    "shape": (
        "This does not look like the axial slices of one head: {images}. Check that it is a brain "
        "MRI; the models draw a tumour into anything."
    ),
}


def concerns(image: np.ndarray, spacing: tuple[float, float, float] | None) -> set[str]:
    """What gives rise to a warning in one image: any of ``"skull"``, ``"clipped"``, ``"shape"``.

    Args:
        image: (X, Y, Z) in RAS+ order.
        spacing: Voxel size in mm; None where it is not known.
    """
    tissue = image != 0
    if not tissue.any():
        return set()
    slices = [(cut, head) for cut in _middle_slices(image, tissue) if (head := _head(cut)).any()]
    found = {
        "skull": _is_whole_head(tissue, spacing) or _has_skull(slices),
        "clipped": _share_at_brightest(image[tissue]) > _MAX_CLIPPED,
        "shape": _is_no_head([head for _, head in slices], spacing),
    }
    return {name for name, holds in found.items() if holds}


def warnings_on(found: Mapping[str, Collection[str]]) -> list[str]:
    """The sentences for what :func:`concerns` found, the images of a kind together.

    Args:
        found: The concerns by the name of the image.
    """
    sentences = []
    for kind, sentence in _SENTENCES.items():
        images = [name for name, kinds in found.items() if kind in kinds]
        if images:
            sentences.append(sentence.format(images=", ".join(images)))
    return sentences


def skull_note(notes: Iterable[str]) -> bool:
    """Whether the notes on a case warn that an image in it is not skull-stripped."""
    warning, _, _ = _SENTENCES["skull"].partition("{")
    return any(note.startswith(warning) for note in notes)


def notes_on_grid(grid: NativeGrid, *, size_known: bool) -> Iterator[str]:
    """Warnings about the voxels themselves."""
    if not size_known:
        unknown = "The size of a pixel is not known: areas are given in pixels"
        if grid.shape[2] > 1:
            unknown = (
                "The size of a pixel and the distance of the slices are not known: sizes are given "
                "in pixels of all slices"
            )
        yield (
            f"{unknown}, not in millilitres. The patient's right is taken to be on the left of the "
            "picture, as in radiology."
        )
        return
    yield from notes_on_spacing(grid.ras_spacing)
    slices = grid.ras_shape[2]
    if slices < _FEW_SLICES and slices * grid.ras_spacing[2] < _HEAD_MM[0]:
        few = "Only one axial slice: volumes are those of this slice"
        several = f"Only {slices} axial slices: volumes are those of these slices"
        yield f"{few if slices == 1 else several}, not of the tumour."
    if not (grid.header["sform_code"] > 0 or grid.header["qform_code"] > 0):
        yield "The files do not state which side is left; check the side before you rely on it."


def notes_on_spacing(spacing: tuple[float, float, float]) -> Iterator[str]:
    """What differs from the millimetre the models learned from, in the slices and across them."""
    least, most = _TRAINED_SPACING_MM
    *pixel, apart = spacing
    if min(pixel) < least or max(pixel) > most:
        sizes = " × ".join(f"{size:.2g}" for size in pixel)
        yield (
            f"A pixel measures {sizes} mm. The models see the slices at 1 mm a pixel, as they "
            "learned, and the answer is brought back."
        )
    if not least <= apart <= most:
        yield f"The slices are {apart:.2g} mm apart; the models learned from slices 1 mm apart."


def notes_on_scale(tissue: np.ndarray) -> Iterator[str]:
    """Warnings about a picture of unknown size, from its (X, Y) bool tissue."""
    length = max(_box(tissue))
    least, most = _HEAD_PIXELS
    if not least <= length <= most:
        yield (
            f"The head is {length} pixels long here; the models learnt from heads of about 170. "
            "They see the picture at that size, and the answer is brought back."
        )


def _middle_slices(image: np.ndarray, tissue: np.ndarray) -> list[np.ndarray]:
    occupied = np.flatnonzero(tissue.any(axis=(0, 1)))
    return [image[..., z] for z in {int(occupied[int(q * (occupied.size - 1))]) for q in _MIDDLE}]


def _head(cut: np.ndarray) -> np.ndarray:
    """(X, Y) bool: the largest connected part of a slice, without holes.

    A scalp is a ring apart from the brain inside it, so holes are filled before parts are counted.
    """
    from scipy import ndimage  # here, so that the first page need not wait for scipy

    low = float(cut.min())
    tissue = cut > low + _TISSUE * (float(np.percentile(cut, 99)) - low)
    reach = max(2, round(_GAP * max(cut.shape)))
    closed = ndimage.binary_closing(np.pad(tissue, reach + 1), iterations=reach)
    parts, count = ndimage.label(ndimage.binary_fill_holes(closed))
    if not count:
        return tissue
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return (parts == sizes.argmax())[reach + 1 : -reach - 1, reach + 1 : -reach - 1]


def _is_whole_head(tissue: np.ndarray, spacing: tuple[float, float, float] | None) -> bool:
    count = np.count_nonzero(tissue)
    too_large = spacing is not None and count * float(np.prod(spacing)) / 1000 > _MAX_BRAIN_ML
    return bool(too_large or count > (1 - _MIN_BACKGROUND) * tissue.size)


def _has_skull(slices: list[tuple[np.ndarray, np.ndarray]]) -> bool:
    dips = [dip for cut, head in slices if (dip := _skull_dip(cut, head)) is not None]
    return bool(dips) and float(np.median(dips)) > _MIN_SKULL_DIP


def _skull_dip(cut: np.ndarray, head: np.ndarray) -> float | None:
    """How far brightness falls again on the way in, as a share of the inside's brightness."""
    from scipy import ndimage

    radius = float(np.sqrt(head.sum() / np.pi))
    if radius < _MIN_RADIUS:
        return None
    depth = ndimage.distance_transform_edt(np.pad(head, 1))[1:-1, 1:-1] / radius
    inside = _median(cut[depth > _INSIDE_DEPTH])
    if inside <= 0:
        return None
    step = max(_RING, 1.0 / radius)
    rings = [
        _median(cut[(depth > start) & (depth <= start + step)]) / inside
        for start in np.arange(0.0, _SKULL_DEPTH, step)
    ]
    return max((min(max(rings[:i]), 1.0) - rings[i] for i in range(1, len(rings))), default=0.0)


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if values.size else 0.0


def _share_at_brightest(values: np.ndarray) -> float:
    sample = values[:: max(1, values.size // _SAMPLE)]
    if np.unique(sample).size < _FEW_LEVELS:
        return 0.0
    return float(np.count_nonzero(values == values.max()) / values.size)


def _is_no_head(heads: list[np.ndarray], spacing: tuple[float, float, float] | None) -> bool:
    """Too small, too large, too long or too ragged, in most of the middle slices."""
    odd = [_is_odd(head, spacing) for head in heads]
    return sum(odd) * 2 > len(odd) if odd else True


def _is_odd(head: np.ndarray, spacing: tuple[float, float, float] | None) -> bool:
    sides = np.array(_box(head), float)
    sizes = sides * (spacing[:2] if spacing else (1.0, 1.0))
    stretched = sizes.max() > _MAX_STRETCH * sizes.min()
    ragged = head.sum() < _MIN_ROUNDNESS * sides.prod()
    least, most = _HEAD_MM
    wrong_size = spacing is not None and not least <= sizes.max() <= most
    return bool(stretched or ragged or wrong_size)


def _box(mask: np.ndarray) -> tuple[int, int]:
    """Lengths of the box around a mask along X and Y; 1 where it is empty."""
    return _extent(mask, 0), _extent(mask, 1)


def _extent(mask: np.ndarray, axis: int) -> int:
    inside = np.flatnonzero(mask.any(axis=1 - axis))
    return int(inside[-1] - inside[0]) + 1 if inside.size else 1
