"""What the frame of a picture may be before its reader follows it: chunks, scans, lists of strips.

Each reader of pictures follows a list that the file makes as long as it likes. A JPEG may draw its
picture a hundred thousand times over, a PNG may consist of empty chunks, and a TIFF may name as
many strips as it has bytes; each takes seconds a megabyte.
"""

import mmap
import struct
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.io.names.wording import shown

# 2048×2048 pixels of 64 bits, not packed, are 34 MB.
MAX_PICTURE_BYTES: Final = 64_000_000
# A progressive JPEG has about ten.
MAX_SCANS: Final = 100
# Encoders write the pixels of a PNG in chunks of 8 kB or more.
MAX_CHUNKS: Final = 20_000
# Tiles of 16×16 in three planes.
MAX_STRIPS: Final = 3 * 128 * 128
MAX_TAGS: Final = 1_000
# Pages of a stack have about twenty; a circle of pages would have no end.
MAX_TAGS_OF_ALL_PAGES: Final = 100_000
_PNG, _JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_TIFF: Final = {b"II*\0": "<", b"MM\0*": ">"}
_START_OF_SCAN: Final = b"\xff\xda"
# Numbers of 2, 4 and 8 bytes, of which offsets and sizes of strips are lists.
_LISTS: Final = {3, 4, 13, 16}
# Bytes of a tag, its kind, how many values it has, and their place.
_ENTRY: Final = 12


def check_frame(path: Path, *, most_pages: int) -> None:
    """Refuse a picture whose reader would follow it for long.

    Args:
        path: A file of any kind; one that is no picture passes.
        most_pages: How many pages of a TIFF are looked at.

    Raises:
        InputError: for such a picture.
        OSError: where it cannot be opened.
    """
    with path.open("rb") as stream:
        head = stream.read(8)
        if not head.startswith((_PNG, _JPEG, *_TIFF)):
            return
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if head[:4] in _TIFF:
                usable = _tiff_is_usable(content, _TIFF[head[:4]], most_pages)
            else:
                _check_bytes(path, len(content))
                usable = _few_chunks(content) if head == _PNG else has_few_scans(content)
    if not usable:
        raise InputError(
            f"{shown(path)} is built as no program builds a slice; save it again as PNG."
        )


def _check_bytes(path: Path, size: int) -> None:
    if size > MAX_PICTURE_BYTES:
        raise InputError(
            f"{shown(path)} has {size / 1e6:.0f} MB; a picture of one slice has at most "
            f"{MAX_PICTURE_BYTES / 1e6:.0f} MB."
        )


def has_few_scans(content: bytes | mmap.mmap) -> bool:
    """Whether a JPEG has no more scans than a program writes.

    Inside a scan the byte FF is always followed by another than DA.
    """
    at = -1
    for _ in range(MAX_SCANS + 1):
        at = content.find(_START_OF_SCAN, at + 1)
        if at < 0:
            return True
    return False


def _few_chunks(content: mmap.mmap) -> bool:
    at = len(_PNG)
    for _ in range(MAX_CHUNKS):
        if at + 8 > len(content):
            return True
        (length,) = struct.unpack_from(">I", content, at)
        at += length + 12
    return False


def _tiff_is_usable(content: mmap.mmap, order: str, most_pages: int) -> bool:
    """Whether its pages end, and have lists of tags as a program writes them."""
    at, met, tags = _number(content, order + "I", 4), set[int](), 0
    for _ in range(most_pages):
        count = _number(content, order + "H", at)
        if not at or not count:
            return True
        tags += count
        if count > MAX_TAGS or tags > MAX_TAGS_OF_ALL_PAGES or at in met:
            return False
        met.add(at)
        if not _lists_are_usable(content, order, at + 2, count):
            return False
        at = _number(content, order + "I", at + 2 + _ENTRY * count)
    return True


def _lists_are_usable(content: mmap.mmap, order: str, start: int, count: int) -> bool:
    """Whether no tag of a page is a list of more strips than there can be."""
    entries = content[start : start + _ENTRY * count]
    whole = entries[: len(entries) // _ENTRY * _ENTRY]
    return not any(
        kind in _LISTS and values > MAX_STRIPS
        for _, kind, values, _ in struct.iter_unpack(order + "HHII", whole)
    )


def _number(content: mmap.mmap, kind: str, at: int) -> int:
    """A number of the file; 0 where the file ends before it."""
    if at + struct.calcsize(kind) > len(content):
        return 0
    return struct.unpack_from(kind, content, at)[0]
