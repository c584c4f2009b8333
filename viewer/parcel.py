"""The envelope of everything that travels to the browser as bytes.

A parcel is a little-endian uint32, that many bytes of UTF-8 JSON (the header), then blobs one
after the other. The header always holds ``hash``, which names the content on the page, and
``sizes``, the length of each blob. ``browser/received/envelope.js`` reads the same.
"""

import hashlib
import json
import struct
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

_LENGTH: Final = struct.Struct("<I")

# Half-open index ranges along X, Y and Z.
Box = tuple[tuple[int, int], tuple[int, int], tuple[int, int]]


def pack(header: dict[str, Any], blobs: Sequence[bytes]) -> bytes:
    """Return one parcel; equal content always gives equal bytes.

    Streamlit resends a message whose bytes have changed, so nothing that varies from one call
    to the next (a time, an id) may enter a header.
    """
    content = {**header, "sizes": [len(blob) for blob in blobs]}
    digest = hashlib.blake2b(_to_json(content), digest_size=16)
    for blob in blobs:
        digest.update(blob)
    text = _to_json({"hash": digest.hexdigest(), **content})
    return b"".join((_LENGTH.pack(len(text)), text, *blobs))


def read_header(parcel: bytes) -> dict[str, Any]:
    """Return the header of a parcel."""
    (length,) = _LENGTH.unpack_from(parcel)
    return json.loads(parcel[_LENGTH.size : _LENGTH.size + length])


def unpack(parcel: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Return the header and the blobs of a parcel."""
    header = read_header(parcel)
    (length,) = _LENGTH.unpack_from(parcel)
    blobs, start = [], _LENGTH.size + length
    for size in header["sizes"]:
        blobs.append(parcel[start : start + size])
        start += size
    return header, blobs


def bounding_box(mask: np.ndarray, *, margin: int = 0) -> Box | None:
    """Return the smallest box that holds every true voxel and a margin, None if there is none.

    Args:
        mask: (X, Y, Z) bool.
        margin: In voxels, on each side as far as the mask goes.
    """
    ranges = []
    for axis, size in enumerate(mask.shape):
        others = tuple(other for other in range(mask.ndim) if other != axis)
        hits = np.flatnonzero(mask.any(axis=others))
        if hits.size == 0:
            return None
        ranges.append((max(int(hits[0]) - margin, 0), min(int(hits[-1]) + 1 + margin, size)))
    return tuple(ranges)


def crop(array: np.ndarray, box: Box) -> np.ndarray:
    """Return the box of an (X, Y, Z) array as (Z, Y, X), where an axial slice is contiguous."""
    return np.ascontiguousarray(array[tuple(slice(*span) for span in box)].transpose(2, 1, 0))


def _to_json(header: dict[str, Any]) -> bytes:
    # allow_nan: JSON.parse in the browser refuses NaN, so it must fail here, where it is seen.
    return json.dumps(header, ensure_ascii=False, allow_nan=False).encode()
