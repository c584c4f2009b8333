"""What a gzip, bzip2 or xz file unpacks to, as far as it is asked for and no further.

A packed file can cost more than its bytes: a name of hundreds of megabytes before the first of
them, a million members that hold nothing, a window of gigabytes. Here each step takes and gives a
few kilobytes, and a long stretch that unpacks to nothing is damage.
"""

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

GZIP: Final = b"\x1f\x8b"
DAMAGE: Final = (zlib.error, lzma.LZMAError, ValueError, OSError)

_STEP: Final = 32 * 1024
# The header of a gzip has a name and a comment; files are padded by some kilobytes.
_MAX_IDLE_BYTES: Final = 256 * 1024
_GZIP_FORMAT: Final = 31  # zlib: a gzip whose checksum is verified
_XZ_BYTES: Final = 128 * 1024**2  # xz -9 needs 65 MB


class _Worker(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Gunzip:
    """zlib's worker, as those of bz2 and lzma are."""

    def __init__(self) -> None:
        self._worker = zlib.decompressobj(_GZIP_FORMAT)

    @property
    def eof(self) -> bool:
        return self._worker.eof

    @property
    def needs_input(self) -> bool:
        return not self._worker.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._worker.unused_data

    def decompress(self, data: bytes, max_length: int = 0, /) -> bytes:
        return self._worker.decompress(self._worker.unconsumed_tail + data, max_length)


def _bzip2() -> _Worker:
    return bz2.BZ2Decompressor()


def _xz() -> _Worker:
    return lzma.LZMADecompressor(memlimit=_XZ_BYTES)


_WORKERS: Final[tuple[tuple[bytes, Callable[[], _Worker]], ...]] = (
    (GZIP, _Gunzip),
    (b"BZh", _bzip2),
    (b"\xfd7zXZ", _xz),
)


def is_packed(head: bytes) -> bool:
    """Whether these are the first bytes of a gzip, bzip2 or xz."""
    return _worker_for(head) is not None


def unpacked_start(head: bytes, most: int) -> bytes:
    """The first bytes that the start of a file unpacks to; itself where it is not packed.

    Args:
        head: The first bytes of a file.
        most: Most bytes of the answer; none where they are damaged.
    """
    make = _worker_for(head)
    if make is None:
        return head[:most]
    try:
        return make().decompress(head, most)
    except (*DAMAGE, EOFError):
        return b""


def open_unpacked(stream: BinaryIO, *, most_at_once: int = 1024**2) -> io.BufferedReader:
    """The content of a file that :func:`is_packed`, read forwards.

    Its reads raise ``EOFError`` where the file is cut off, and one of ``DAMAGE`` where it is
    damaged.

    Args:
        stream: The file, at its start.
        most_at_once: Most bytes that one step unpacks.
    """
    return io.BufferedReader(_Unpacked(stream, most_at_once), _STEP)


class _Unpacked(io.RawIOBase):
    def __init__(self, stream: BinaryIO, most_at_once: int) -> None:
        super().__init__()
        self._stream, self._most = stream, most_at_once
        self._ahead, self._idle = stream.read(_STEP), 0
        make = _worker_for(self._ahead)
        if make is None:
            raise ValueError("the file is not packed")
        self._make = make
        self._worker: _Worker | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        most = min(len(buffer), self._most)
        while most:
            if self._worker is None and not self._begin_member():
                return 0
            given = self._step(most)
            if given:
                buffer[: len(given)] = given
                return len(given)
        return 0

    def _begin_member(self) -> bool:
        """Whether another member follows; zeros at the end of one are padding."""
        while not self._ahead.strip(b"\0"):
            if not self._more():
                return False
        self._ahead = self._ahead.lstrip(b"\0")
        self._worker = self._make()
        return True

    def _step(self, most: int) -> bytes:
        worker = self._worker
        if worker is None:
            return b""
        if worker.needs_input and not self._ahead and not self._more():
            raise EOFError
        data, self._ahead = (self._ahead, b"") if worker.needs_input else (b"", self._ahead)
        given = worker.decompress(data, most)
        if worker.eof:
            self._count_idle(len(data) - len(worker.unused_data), given)
            self._ahead, self._worker = worker.unused_data + self._ahead, None
        else:
            self._count_idle(len(data), given)
        return given

    def _more(self) -> bool:
        """Read on; what is read while nothing is unpacked counts."""
        self._count_idle(len(self._ahead) if not self._worker else 0, b"")
        self._ahead = self._stream.read(_STEP)
        return bool(self._ahead)

    def _count_idle(self, taken: int, given: bytes) -> None:
        self._idle = 0 if given else self._idle + taken
        if self._idle > _MAX_IDLE_BYTES:
            raise ValueError("a long stretch unpacks to nothing")


def _worker_for(head: bytes) -> Callable[[], _Worker] | None:
    return next((make for magic, make in _WORKERS if head.startswith(magic)), None)
