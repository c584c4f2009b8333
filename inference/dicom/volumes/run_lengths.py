"""Pixels packed by their runs (RLE Lossless; DICOM PS3.5, annex G), unpacked as far as they go.

Two bytes may stand for 128, so that a file of some megabytes could fill a memory: what comes after
the last pixel is never unpacked.
"""

import struct
from typing import Final

import numpy as np

_HEADER: Final = 64
_NOTHING: Final = 128


def unpacked(frame: bytes, *, rows: int, columns: int, dtype: np.dtype) -> np.ndarray:
    """Unpack one slice of one grey value a pixel.

    Args:
        frame: As the file has it: a header, and a segment for each byte of a pixel.
        rows: Of the slice.
        columns: Of the slice.
        dtype: Of a pixel, in any byte order.

    Returns:
        (rows, columns) of that dtype, little-endian.

    Raises:
        ValueError: where it holds another number of segments, or less than the pixels.
    """
    count, *starts = struct.unpack_from("<16I", frame) if len(frame) >= _HEADER else (0,)
    if count != dtype.itemsize:
        raise ValueError("there is not one segment for each byte of a pixel")
    ends = [*starts[1:count], len(frame)]
    pixels = np.empty((rows * columns, count), np.uint8)
    for place, (start, end) in enumerate(zip(starts[:count], ends, strict=True)):
        segment = _runs(frame[start:end], rows * columns)
        # The first segment holds the highest byte.
        pixels[:, count - 1 - place] = np.frombuffer(segment, np.uint8)
    return pixels.view(dtype.newbyteorder("<")).reshape(rows, columns)


def _runs(segment: bytes, length: int) -> bytes:
    found, at = bytearray(), 0
    while len(found) < length and at + 1 < len(segment):
        head = segment[at]
        if head < _NOTHING:
            found += segment[at + 1 : at + 2 + head]
            at += 2 + head
        elif head > _NOTHING:
            found += segment[at + 1 : at + 2] * (257 - head)
            at += 2
        else:
            at += 1
    if len(found) < length:
        raise ValueError("a segment ends before the last pixel")
    return bytes(found[:length])
