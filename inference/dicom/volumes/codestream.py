"""What a compressed picture says of itself, held against its file's header before it is decoded.

Decoders make room for what the picture claims, not for what the file's header does: for every
component, and in JPEG 2000 for every tile, precinct and code-block. Some hundred bytes can claim
gigabytes.
"""

import itertools
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from inference.io.slices.picture_guard import has_few_scans

# 4096×4096 pixels in code-blocks of 16×16 are 65,536, of all resolutions a third more.
MAX_PARTS: Final = 100_000
# Encoders use up to some dozen layers of quality.
MAX_LAYERS: Final = 256
# Tiles of 128×128 in 4096×4096 pixels, each in two parts, and as many markers again.
_MAX_MARKERS: Final = 4_096
_JPEG: Final = b"\xff\xd8"
_JPEG_2000: Final = b"\xff\x4f\xff\x51"
_JP2: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
_MAX_BOXES: Final = 64
# Markers of ISO/IEC 15444-1, annex A, and all that are followed by their length.
_COD, _COC, _SOT, _SOD, _EOC = 0x52, 0x53, 0x90, 0x93, 0xD9
_KNOWN: Final = frozenset(
    {
        *(0x50, 0x51, _COD, _COC, 0x55, 0x57, 0x58, 0x5C, 0x5D, 0x5E, 0x5F, 0x60, 0x61, 0x63, 0x64),
        *(_SOT, _SOD),
    }
)
_LARGEST_PRECINCT: Final = 15


@dataclass(frozen=True)
class Codestream:
    """A compressed picture, by its own header.

    Args:
        rows: Pixels from top to bottom.
        columns: Pixels from left to right.
        components: Of every pixel; 1 of a grey picture.
        usual: Whether it is built as a program builds a slice, of few scans, layers and parts.
    """

    rows: int
    columns: int
    components: int
    usual: bool = True


@dataclass(frozen=True)
class _Coding:
    """How JPEG 2000 parts a tile: resolutions, code-blocks, and precincts by resolution."""

    layers: int
    levels: int
    block: tuple[int, int]
    precincts: tuple[tuple[int, int], ...]


def read_codestream(frame: bytes) -> Codestream | None:
    """The header of a JPEG, JPEG-LS or JPEG 2000 picture; None where it has none."""
    try:
        start = _start_of_jpeg_2000(frame)
        if start is not None:
            return _jpeg_2000(frame, start)
        return _jpeg(frame) if frame.startswith(_JPEG) else None
    except (struct.error, IndexError):  # cut off
        return None


def _jpeg(frame: bytes) -> Codestream | None:
    for marker, at in _jpeg_markers(frame):
        if marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)):
            rows, columns, components = struct.unpack_from(">2HB", frame, at + 5)
            return Codestream(rows, columns, components, has_few_scans(frame))
    return None


def _jpeg_markers(frame: bytes) -> Iterator[tuple[int, int]]:
    """Markers before the first scan, and where each begins."""
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker, length = frame[at + 1], int.from_bytes(frame[at + 2 : at + 4], "big")
        if marker == 0xFF:  # any number of these may stand before a marker
            at += 1
            continue
        yield marker, at
        at += 2 + length


def _start_of_jpeg_2000(frame: bytes) -> int | None:
    """Where it begins: at once, or in the box for it of a file of JPEG 2000 (JP2)."""
    if frame.startswith(_JPEG_2000):
        return 0
    if not frame.startswith(_JP2):
        return None
    at = 0
    for _ in range(_MAX_BOXES):
        length, kind = struct.unpack_from(">I4s", frame, at)
        inside = at + (16 if length == 1 else 8)
        if kind == b"jp2c":
            return inside if frame.startswith(_JPEG_2000, inside) else None
        if length == 1:
            (length,) = struct.unpack_from(">Q", frame, at + 8)
        if length < inside - at:
            return None
        at += length
    return None


def _jpeg_2000(frame: bytes, start: int) -> Codestream:
    at = start + 4
    right, bottom, left, top, across, down, tiles_left, tiles_top = struct.unpack_from(
        ">8I", frame, at + 4
    )
    (components,) = struct.unpack_from(">H", frame, at + 36)
    codings = list(_codings(frame, start + 2))
    usual = None not in codings and across > 0 and down > 0
    if usual:
        tiles = _count(right - tiles_left, across) * _count(bottom - tiles_top, down)
        tile = (min(across, right - left), min(down, bottom - top))
        usual = all(_is_usual(coding, tiles, tile) for coding in codings if coding)
    return Codestream(bottom - top, right - left, components, usual)


def _codings(frame: bytes, at: int) -> Iterator[_Coding | None]:
    """Every way of parting tiles that it names; None where what follows is not to be told."""
    start, end, layers = at, at, 1
    for _ in range(_MAX_MARKERS):
        if at + 4 > len(frame) or frame[at : at + 2] == bytes((0xFF, _EOC)):
            return
        marker, length = frame[at + 1], int.from_bytes(frame[at + 2 : at + 4], "big")
        if frame[at] != 0xFF or marker not in _KNOWN:
            break
        if marker == _SOT:
            start, whole = at, int.from_bytes(frame[at + 6 : at + 10], "big")
            end = start + whole if whole else len(frame)
        elif marker == _COD:
            (layers,) = struct.unpack_from(">H", frame, at + 6)
            yield _coding(frame, at + 9, layers, has_precincts=frame[at + 4] & 1)
        elif marker == _COC:  # of pictures of one component it names that in one byte
            yield _coding(frame, at + 6, layers, has_precincts=frame[at + 5] & 1)
        if marker == _SOD and end <= at:
            break
        at = end if marker == _SOD else at + 2 + length
    yield None


def _coding(frame: bytes, at: int, layers: int, *, has_precincts: int) -> _Coding:
    levels = frame[at]
    sizes = frame[at + 5 : at + 6 + levels] if has_precincts else b"\xff" * (levels + 1)
    precincts = tuple((size & _LARGEST_PRECINCT, size >> 4) for size in sizes)
    return _Coding(layers, levels, (frame[at + 1] + 2, frame[at + 2] + 2), precincts)


def _is_usual(coding: _Coding, tiles: int, tile: tuple[int, int]) -> bool:
    if coding.layers > MAX_LAYERS or len(coding.precincts) != coding.levels + 1:
        return False
    counts = (_parts(coding, tile, level) for level in range(coding.levels + 1))
    # Stops at the first sum that is too large: levels may be 255.
    sums = itertools.accumulate(counts)
    return not any(tiles * found > MAX_PARTS for found in sums)


def _parts(coding: _Coding, tile: tuple[int, int], level: int) -> int:
    """Tiles, precincts and code-blocks of one resolution of a tile, about."""
    scale = 1 << (coding.levels - level)
    precinct = coding.precincts[level]
    sizes = [_count(side, scale) for side in tile]
    blocks = [min(pair) for pair in zip(coding.block, precinct, strict=True)]
    by_block, by_precinct = (
        math.prod(_count(side, 1 << exponent) for side, exponent in zip(sizes, each, strict=True))
        for each in (blocks, precinct)
    )
    return 1 + by_precinct + by_block


def _count(length: int, of: int) -> int:
    return max(0, -(-length // of))
