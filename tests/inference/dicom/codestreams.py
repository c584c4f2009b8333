"""Compressed pictures of one grey slice, whole and with headers that claim what no slice has."""

import io
import struct

import numpy as np
from PIL import Image

_SIZ, _COD = b"\xff\x51", b"\xff\x52"
_CODESTREAM = b"\xff\x4f\xff\x51"


def jpeg_2000(pixels: np.ndarray) -> bytes:
    """A bare codestream without loss."""
    return _saved(pixels, "JPEG2000", no_jp2=True, irreversible=False)


def jpeg(pixels: np.ndarray) -> bytes:
    return _saved(pixels, "JPEG", quality=100)


def of_components(raw: bytes, count: int) -> bytes:
    """JPEG 2000 that claims as many components as are given, each like the first."""
    at = raw.index(_SIZ) + 2
    (length,) = struct.unpack_from(">H", raw, at)
    fields = raw[at + 2 : at + 36] + struct.pack(">H", count) + raw[at + 38 : at + 41] * count
    return raw[:at] + struct.pack(">H", len(fields) + 2) + fields + raw[at + length :]


def in_tiles(raw: bytes, side: int) -> bytes:
    """JPEG 2000 that claims tiles of this side."""
    at = raw.index(_SIZ) + 22
    return raw[:at] + struct.pack(">2I", side, side) + raw[at + 8 :]


def in_layers(raw: bytes, count: int) -> bytes:
    """JPEG 2000 that claims so many layers of quality."""
    at = raw.index(_COD) + 6
    return raw[:at] + struct.pack(">H", count) + raw[at + 2 :]


def in_precincts(raw: bytes, exponent: int) -> bytes:
    """JPEG 2000 whose precincts are of this power of two, in a header of coding style anew."""
    at = raw.index(_COD)
    (length,) = struct.unpack_from(">H", raw, at + 2)
    levels = raw[at + 9]
    style = bytes([raw[at + 4] | 1]) + raw[at + 5 : at + 14]
    fields = style + bytes([exponent * 17]) * (levels + 1)
    return raw[: at + 2] + struct.pack(">H", len(fields) + 2) + fields + raw[at + 2 + length :]


def with_marker(raw: bytes, marker: int) -> bytes:
    """JPEG 2000 with a marker of two bytes' length before its coding style."""
    at = raw.index(_COD)
    return raw[:at] + bytes([0xFF, marker, 0, 2]) + raw[at:]


def as_file(raw: bytes, decoy: bytes = b"") -> bytes:
    """A file of JPEG 2000 (JP2) around a codestream, with a box before it that holds another."""
    start = b"\0\0\0\x0cjP  \r\n\x87\n"
    kind = struct.pack(">I", 20) + b"ftypjp2 \0\0\0\0jp2 "
    other = struct.pack(">I", 8 + len(decoy)) + b"uuid" + decoy if decoy else b""
    return start + kind + other + struct.pack(">I", 8 + len(raw)) + b"jp2c" + raw


def jpeg_of_components(raw: bytes, count: int) -> bytes:
    """A JPEG that claims so many components."""
    at = raw.index(b"\xff\xc0")
    (length,) = struct.unpack_from(">H", raw, at + 2)
    fields = raw[at + 4 : at + 9] + bytes([count]) + raw[at + 10 : at + 13] * count
    return raw[: at + 2] + struct.pack(">H", len(fields) + 2) + fields + raw[at + 2 + length :]


def runs(pixels: np.ndarray, more: int = 0) -> bytes:
    """RLE of a slice of two bytes a pixel, in literal runs, with more runs of zeros behind."""
    planes = [pixels.astype(">u2").view(np.uint8).reshape(-1, 2)[:, place] for place in (0, 1)]
    segments = [_literal(plane.tobytes()) + b"\x81\0" * more for plane in planes]
    starts = [64, 64 + len(segments[0])]
    return struct.pack("<16I", 2, *starts, *[0] * 13) + b"".join(segments)


def _literal(content: bytes) -> bytes:
    parts = [content[at : at + 128] for at in range(0, len(content), 128)]
    return b"".join(bytes([len(part) - 1]) + part for part in parts)


def _saved(pixels: np.ndarray, kind: str, **how: object) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, kind, **how)
    return stream.getvalue()
