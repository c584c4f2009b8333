"""What the first bytes of a file say, read without an error where it cannot be opened."""

from pathlib import Path
from typing import Final

KILOBYTE: Final = 1024
# DICOM PS3.10, 7.1: a preamble of any content, then these four letters.
_PREAMBLE, _MAGIC = 128, b"DICM"
# Groups 0002 and 0008 in either byte order: what the first element of a header can be.
_FIRST_GROUPS: Final = (b"\x02\0", b"\x08\0", b"\0\x08")
_UID_ROOT: Final = b"1.2.840.10008."


def first_bytes(path: Path, count: int = KILOBYTE) -> bytes:
    """The first bytes of a file, at most ``count``; none where it cannot be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(count)
    except OSError:
        return b""


def begins_like_dicom(head: bytes) -> bool:
    """Whether the first 132 bytes of a file are those of DICOM."""
    return head[_PREAMBLE:].startswith(_MAGIC)


def may_be_dicom(head: bytes) -> bool:
    """Whether the first kilobyte of a file may be that of DICOM, be it without its preamble."""
    return begins_like_dicom(head) or (head[:2] in _FIRST_GROUPS and _UID_ROOT in head)
