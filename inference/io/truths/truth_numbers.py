"""The numbers of a truth as whole numbers from 0 on, whatever a writer has made of them.

Writers scale label maps to the range of a type, stretch them to the greys of a picture, or save the
negative. What can be undone without a doubt is undone, with a note.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np

from common.errors import InputError
from common.labels import to_brats_2023
from inference.geometry.boxes import box_of
from inference.io.names.wording import shown, shown_name

# Of a whole number, what float32 loses in a slope and an intercept; more is a fraction.
_ROUNDING: Final = 1e-3
_MOST_ROUNDING: Final = 0.02
_JPEG: Final = (".jpg", ".jpeg")
# Greys that parts of a tumour are stretched to, and the numbers that they stand for.
_STRETCHED: Final = (
    {85: 1, 170: 2, 255: 3},
    {63: 1, 127: 2, 255: 4},
    {64: 1, 128: 2, 255: 4},
    {63: 1, 128: 2, 255: 4},
    {64: 1, 127: 2, 255: 4},
)
_MOST: Final = 4
_NAMED: Final = 3
_CORNER: Final = 1 / 16
_NEARLY_ALL: Final = 0.9
_COUNTED: Final = 1 << 20
_GREYS: Final = 255


def whole_numbers(voxels: np.ndarray, *, slope: float | None, path: Path) -> np.ndarray:
    """Numbers of any type as uint8, where they are whole but for what rounding has done.

    Args:
        voxels: As they were stored, after slope and intercept.
        slope: What they were multiplied with; half of it is lost where labels were scaled.
        path: The file, for its name.

    Raises:
        InputError: for fractions, negative and large numbers.
    """
    if voxels.dtype.kind in "bui" and voxels.size and voxels.min() >= 0 and voxels.max() <= _GREYS:
        return voxels.astype(np.uint8)
    with np.errstate(invalid="ignore"):
        nearest = np.rint(voxels) if voxels.dtype.kind == "f" else voxels
        small = nearest.astype(np.uint8)
    if np.array_equal(small, voxels):
        return small
    lost = min(_MOST_ROUNDING, abs(slope or 0.0) / 2 + _ROUNDING)
    if (np.abs(small - voxels.astype(np.float64)) <= lost).all():
        return small
    if path.suffix.lower() in _JPEG:
        raise _blurred(path)
    # This names the value in its error.
    return to_brats_2023(voxels, source=shown(path))


def upright(numbers: np.ndarray, *, source: str) -> tuple[np.ndarray, str | None]:
    """Turn back a map whose background is its largest number and whose tumour is smaller.

    Args:
        numbers: (X, Y, Z) uint8.
        source: What the note calls it.
    """
    ends = [max(1, round(side * _CORNER)) for side in numbers.shape]
    corners = numbers[np.ix_(*([*range(n), *range(-n, 0)] for n in ends))]
    around = int(numbers.max())
    if around == 0 or (corners == around).mean() < _NEARLY_ALL or numbers.min() == around:
        return numbers, None
    if np.count_nonzero(numbers == around) * 2 < numbers.size:
        return numbers, None
    note = f"{source} has {around} as its background and was read as inverted; check the contour."
    return np.uint8(around) - numbers, note


def unstretched(numbers: np.ndarray, *, source: str) -> tuple[np.ndarray, str | None]:
    """Numbers that were stretched to the greys of a picture, back to those they stand for.

    Args:
        numbers: (X, Y, Z) uint8.
        source: What note and error call it.

    Raises:
        InputError: where greys could stand for different numbers.
    """
    values = {int(value) for value in distinct(numbers)} - {0}
    if not values or values <= {1, 2, 3, 4} or values == {255}:
        return numbers, None
    meant = next((each for each in _STRETCHED if values == set(each)), None)
    if meant is None:
        if any(values <= set(each) for each in _STRETCHED):
            raise InputError(
                f"{source} holds the greys {_listed(values)}, which may stand for different parts; "
                "save it with the numbers 1, 2 and 3 (or 4), or mark the whole tumour with 255."
            )
        return numbers, None
    table = np.zeros(256, np.uint8)
    for grey, number in meant.items():
        table[grey] = number
    return table[numbers], f"{source}: the greys {_listed(values)} were read as its parts."


def distinct(numbers: np.ndarray) -> np.ndarray:
    """The distinct values of (X, Y, Z) uint8 numbers, in order."""
    found = np.zeros(_GREYS + 1, bool)
    box = box_of(numbers)
    drawn = numbers[:0] if box is None else numbers[box]
    found[0] = drawn.size < numbers.size
    flat = drawn.reshape(-1)
    for start in range(0, flat.size, _COUNTED):  # counting takes eight times their memory
        found |= np.bincount(flat[start : start + _COUNTED], minlength=_GREYS + 1) > 0
    return np.flatnonzero(found)


def no_label_map(values: Iterable[int], *, name: str) -> InputError:
    """The refusal of whole numbers that are no parts of a tumour.

    Args:
        values: The distinct numbers.
        name: The name of the file.
    """
    if Path(name).suffix.lower() in _JPEG:
        return _blurred(Path(name))
    strange = [value for value in values if value > _MOST][:_NAMED]
    return InputError(
        f"{shown_name(name)} holds the value {', '.join(map(str, strange))}; a truth holds 0 for "
        "background, 1 for necrotic core, 2 for oedema and 3 (or 4) for enhancing tumour."
    )


def _blurred(path: Path) -> InputError:
    return InputError(
        f"{shown(path)} is a JPEG, which blurs the edges of a label map into numbers that mean "
        "nothing; save it as PNG."
    )


def _listed(values: set[int]) -> str:
    return ", ".join(map(str, sorted(values)))
