"""One slice as a NumPy array: ``.npy`` of (H, W), (H, W, 4) or (4, H, W).

The header is read by NumPy's own parser, which runs no code; its claim is checked before memory
is asked for, and pickled objects are never loaded.
"""

import math
import tokenize
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.lib import format as npy

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.names.wording import cut_off, shown, what_it_is
from inference.io.slices.decoded_file import DecodedFile, decoded_slice
from inference.io.slices.pictures import MAX_SIDE, MIN_SIDE

_CHANNELS = len(MODALITIES)
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_MAGIC = b"\x93NUMPY"
_MAX_HEADER_BYTES = 10_000
# Python's parser of literals may run out of depth, or say so by lack of memory.
_BROKEN = (
    *(ValueError, KeyError, EOFError, SyntaxError, TypeError, tokenize.TokenError),
    *(RecursionError, MemoryError),
)

# NumPy warns on stderr of headers that Python 2 wrote.
warnings.filterwarnings("ignore", message="Reading `.npy`", category=UserWarning)


def read_array(path: Path) -> DecodedFile:
    """Read a slice that stands as it is looked at: rows front to back, columns right to left.

    Raises:
        InputError: for another kind of file, objects, complex numbers, another shape, one that
            could be read in two ways, or a file that is shorter than it claims.
    """
    try:
        with path.open("rb") as stream:
            shape, by_columns, dtype = _header(stream, path)
            _check_numbers(dtype, path)
            layout = _layout(shape, path)
            needed = math.prod(shape) * dtype.itemsize
            # Asked before reading: Python takes the memory first and looks for the bytes then.
            if path.stat().st_size - stream.tell() < needed:
                raise cut_off(path)
            content = stream.read(needed)
    except OSError as error:
        raise InputError(f"{shown(path)} cannot be opened: {error.strerror}.") from error
    array = np.frombuffer(content, dtype).reshape(shape, order="F" if by_columns else "C")
    return decoded_slice(path, np.moveaxis(array, 0, -1) if layout == "first" else array * 1)


def _header(stream: BinaryIO, path: Path) -> tuple[tuple[int, ...], bool, np.dtype]:
    head = stream.read(1024)
    if not head.startswith(_MAGIC):
        what = what_it_is(head)
        what = "no array" if what == "not a NIfTI file" else what
        raise InputError(f"{shown(path)} is {what}; a NumPy array (.npy) is needed.")
    stream.seek(0)
    try:
        read_header = _HEADERS[npy.read_magic(stream)]
        return read_header(stream, max_header_size=_MAX_HEADER_BYTES)
    except _BROKEN as error:
        raise InputError(
            f"{shown(path)} has a damaged header; save the array again with numpy.save."
        ) from error


def _check_numbers(dtype: np.dtype, path: Path) -> None:
    if dtype.kind not in "biuf":
        raise InputError(
            f"{shown(path)} holds {'objects' if dtype.hasobject else 'no plain numbers'}; "
            "a slice holds one plain number a pixel."
        )


def _layout(shape: tuple[int, ...], path: Path) -> str:
    """Where the channels stand: ``"none"``, ``"last"`` or ``"first"``."""
    size = "×".join(map(str, shape)) or "one"
    wrong = f"{shown(path)} holds an array of {size} numbers"
    right = f"give one slice as (H, W) or (H, W, {_CHANNELS}), or the whole scan as NIfTI"
    at_end, at_start = len(shape) == 3 and shape[-1] == _CHANNELS, shape[:1] == (_CHANNELS,)
    if len(shape) == 3 and at_end and at_start:
        raise InputError(f"{wrong}, which can be read in two ways; {right}.")
    sides: tuple[int, ...]
    if len(shape) == 2:
        layout, sides = "none", shape
    elif at_end:
        layout, sides = "last", shape[:2]
    elif len(shape) == 3 and at_start:
        layout, sides = "first", shape[1:]
    else:
        raise InputError(f"{wrong}; {right}.")
    if min(sides) < MIN_SIDE or max(sides) > MAX_SIDE:
        raise InputError(f"{wrong}; a slice has {MIN_SIDE} to {MAX_SIDE} on each side.")
    return layout
