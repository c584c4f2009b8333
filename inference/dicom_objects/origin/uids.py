"""UIDs derived from content: the same input gives the same objects, and an archive keeps one."""

import hashlib

import numpy as np

# A UUID as a UID (PS3.5, B.2): nobody has to be asked for a root of one's own.
_ROOT = "2.25"
_BYTES = 16


def content_uid(*parts: object) -> str:
    """The same UID for the same parts.

    Args:
        parts: Arrays by their type, shape and voxels; everything else by its text.
    """
    return f"{_ROOT}.{int(content_digest(*parts)[: 2 * _BYTES], 16)}"


def content_digest(*parts: object) -> str:
    """64 hexadecimal digits (SHA-256), the same for the same parts."""
    digest = hashlib.sha256()
    for part in parts:
        content = _bytes(part)
        digest.update(len(content).to_bytes(8, "big"))
        digest.update(content)
    return digest.hexdigest()


def _bytes(part: object) -> bytes:
    if isinstance(part, np.ndarray):
        return f"{part.dtype.str} {part.shape} ".encode() + np.ascontiguousarray(part).tobytes()
    return str(part).encode()
