"""From a file of any name to its header, and what stands between its claims and the memory.

A file is DICOM by DICM at byte 128, or by a storage class in a header that begins at once. No
read goes further than the file does, whatever a length claims; a deflated file is inflated only
within a limit.
"""

import io
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pydicom
from pydicom.dataset import FileDataset

from common.errors import InputError
from inference.dicom.file_headers.item_count import (
    ITEM,
    ItemCount,
    TooManyItemsError,
    parts_of,
)
from inference.dicom.file_headers.kinds import is_storage
from inference.dicom.file_headers.values import text
from inference.io.names.first_bytes import begins_like_dicom, first_bytes, may_be_dicom
from inference.io.names.wording import cut_off, damaged, shown

# One enhanced file with a thousand frames has a header of some 10 MB.
_MAX_ELEMENT_BYTES: Final = 256_000_000
_MAX_INFLATED_BYTES: Final = 512_000_000
# A header of any kind has an element for some hundred bytes of the file; each takes pydicom some
# 20 µs and half a kilobyte.
_FREE_READS: Final = 10_000
_BYTES_A_READ: Final = 100
# Between two items, or before the first: up to three reads an element, of which DICOM's own
# dictionary has 5,000 and a scanner's header, private ones counted, some hundreds.
_READS_APART: Final = 10_000
# From here on a deflated file that grows as no scan does is not inflated further.
_LOOKED_AT_BYTES: Final = 16_000_000
_MAX_GROWTH: Final = 200
# pydicom reads the start of an element in one piece, and what has no length in chunks; both may
# meet the end of the file.
_ELEMENT_START = 12
_CHUNK = 8192
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_UNDEFINED_LENGTH = 0xFFFFFFFF


@dataclass(frozen=True)
class Source:
    """The header of one file, and where its pixels begin.

    Args:
        dataset: The elements asked for.
        sop_class: SOPClassUID, or what the file's own preface says.
        transfer_syntax: How the pixels are written.
        pixel_tag: (7FE0,0010), or the tag of floating-point pixels; None without any.
        pixel_offset: Bytes before the first pixel, in the inflated file if it is deflated.
        pixel_bytes: Bytes the pixels take; None where the length is left open (compressed).
        size: Bytes of the file, inflated if it is deflated.
    """

    dataset: FileDataset
    sop_class: str
    transfer_syntax: str
    pixel_tag: int | None
    pixel_offset: int
    pixel_bytes: int | None
    size: int


class _OverrunError(Exception):
    """A length claims more than the file has. pydicom would swallow an EOFError."""


class _EndlessError(Exception):
    """More elements than any header has."""


class _Bounded(io.BufferedReader):
    """A file whose reads ask for no more memory than it has bytes."""

    items: ItemCount | None = None

    def __init__(self, path: Path) -> None:
        super().__init__(io.FileIO(path))
        self.path = path
        self.size = path.stat().st_size
        self.reads_left = _FREE_READS + self.size // _BYTES_A_READ
        self.reads_apart = _READS_APART

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads_left -= 1
        self.reads_apart -= 1
        if self.reads_left < 0 or self.reads_apart < 0:
            raise _EndlessError
        if size is not None and 0 <= size <= _CHUNK:
            found = super().read(size)
            # Short reads are by far the most: what is no item's start costs no call.
            if size > _ELEMENT_START or found.startswith(ITEM):
                self._counted(found)
                self.reads_apart = self.reads_apart if size > _ELEMENT_START else _READS_APART
            if len(found) < size and _ELEMENT_START < size < _CHUNK:
                raise _OverrunError
            return found
        left = max(self.size - self.tell(), 0)
        wanted = left if size is None or size < 0 else size
        if wanted > _MAX_ELEMENT_BYTES or wanted > left:
            raise _OverrunError
        return self._counted(super().read(wanted))

    def whole(self) -> Iterator[bytes]:
        """All of it, in parts."""
        return parts_of(self.path)

    def _counted(self, part: bytes) -> bytes:
        if self.items:
            self.items.take(part)
        return part


class _Inflated(io.BytesIO):
    """An inflated file, of which as few parts are read as of another of its size."""

    items: ItemCount | None = None

    def __init__(self, body: bytes) -> None:
        super().__init__(body)
        self.size = len(body)
        self.reads_left = _FREE_READS + self.size // _BYTES_A_READ
        self.reads_apart = _READS_APART

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads_left -= 1
        self.reads_apart -= 1
        if self.reads_left < 0 or self.reads_apart < 0:
            raise _EndlessError
        found = super().read(size)
        if found.startswith(ITEM):
            self.reads_apart = _READS_APART
        if self.items:
            self.items.take(found)
        return found

    def whole(self) -> Iterator[bytes]:
        """All of it."""
        yield self.getvalue()


def open_body(path: Path) -> _Bounded | _Inflated:
    """The file as its offsets count it: inflated if it is deflated, else as it is.

    Raises:
        InputError: where it would inflate to more than the limit, or ends too early.
    """
    head = first_bytes(path)
    if _DEFLATED not in head:
        return _Bounded(path)
    return _Inflated(_inflated(path, head))


def read_header(path: Path, tags: Iterable[int]) -> Source | None:
    """Read the elements asked for, without pixels.

    Returns:
        None for a file that is not DICOM.

    Raises:
        InputError: for a DICOM file that is damaged or cut off; it quotes nothing of the header.
    """
    head = first_bytes(path)
    if not may_be_dicom(head):
        return None
    try:
        with open_body(path) as stream:
            stream.items = ItemCount(stream.size, stream.whole)
            return _parsed(stream, head, list(tags))
    except InputError:
        raise
    except (_EndlessError, TooManyItemsError):
        raise _endless(path) from None
    except _OverrunError:
        raise cut_off(path) from None
    except (
        Exception
    ) as error:  # what pydicom raises on damage has no common type, and quotes values
        # It puts an error of its own in the place of what reading an item raises.
        endless = isinstance(error.__context__, TooManyItemsError)
        raise (_endless(path) if endless else damaged(path)) from None


def _endless(path: Path) -> InputError:
    return InputError(
        f"{shown(path)} has a header of more parts than that of any scan; export it again."
    )


def _parsed(stream: io.BufferedIOBase, head: bytes, tags: list[int]) -> Source | None:
    dataset = pydicom.dcmread(stream, stop_before_pixels=True, specific_tags=tags, force=True)
    sop_class = text(dataset, "SOPClassUID") or text(dataset.file_meta, "MediaStorageSOPClassUID")
    if not begins_like_dicom(head) and not is_storage(sop_class):
        return None
    implicit, little = map(bool, dataset.original_encoding)
    tag, length = _pixel_element(stream, implicit=implicit, little=little)
    offset = stream.tell()
    return Source(
        dataset,
        sop_class,
        text(dataset.file_meta, "TransferSyntaxUID") or _guessed_syntax(implicit, little),
        tag,
        offset,
        None if length == _UNDEFINED_LENGTH else length,
        stream.seek(0, io.SEEK_END),
    )


def _pixel_element(
    stream: io.BufferedIOBase, *, implicit: bool, little: bool
) -> tuple[int | None, int]:
    """The tag where the header ends, and the length it claims."""
    order: Literal["little", "big"] = "little" if little else "big"
    start = stream.read(8 if implicit else 12)
    if len(start) < (8 if implicit else 12):
        return None, 0
    tag = int.from_bytes(start[:2], order) << 16 | int.from_bytes(start[2:4], order)
    return tag, int.from_bytes(start[-4:], order)


def _guessed_syntax(implicit: bool, little: bool) -> str:
    if implicit:
        return str(pydicom.uid.ImplicitVRLittleEndian)
    return str(pydicom.uid.ExplicitVRLittleEndian if little else pydicom.uid.ExplicitVRBigEndian)


def _inflated(path: Path, head: bytes) -> bytes:
    """The dataset of a deflated file, as a header that begins at once."""
    worker, body = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    taken = _after_preface(head)
    try:
        with path.open("rb") as stream:
            stream.seek(taken)
            while not worker.eof and (part := stream.read(_CHUNK)):
                taken += len(part)
                body += worker.decompress(part)
                if len(body) > _MAX_INFLATED_BYTES or _grows_too_much(len(body), taken):
                    raise InputError(
                        f"{shown(path)} would unpack to more than any scan does; export it again."
                    )
    except zlib.error:
        raise damaged(path) from None
    return bytes(body)


def _grows_too_much(inflated: int, taken: int) -> bool:
    return inflated > _LOOKED_AT_BYTES and inflated > _MAX_GROWTH * taken


def _after_preface(head: bytes) -> int:
    """Where group 0002 ends; its first element (0002,0000) says how long the rest is."""
    at = head.find(b"\x02\0\0\0UL\x04\0")
    return at + 12 + int.from_bytes(head[at + 8 : at + 12], "little")
