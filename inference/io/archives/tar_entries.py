"""The entries of a tar in their order, read forwards, none of whose claims costs memory.

Python's own reader takes a header of names as large as it claims to be, follows a chain of them
into its own depths, and looks through them in a time that grows with the square of their length.
The format: POSIX pax (https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html) and GNU
(https://www.gnu.org/software/tar/manual/html_node/Standard.html).
"""

import enum
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

BLOCK: Final = 512
_POSIX: Final = b"ustar\0"
# A path, an owner, times, and what macOS keeps of a file.
_MAX_NAMES_BYTES: Final = 64 * 1024
_MAX_NAMES: Final = 8
_PLAIN, _FOLDER, _LINKS = b"0\x007", b"5", b"12"
_LONG_NAME, _LONG_LINK, _PAX, _PAX_OF_ALL = b"L", b"K", b"x", b"g"
_READ_AT_ONCE: Final = 1024**2


class Kind(enum.Enum):
    """What an entry is."""

    FILE, FOLDER, LINK, OTHER = range(4)


@dataclass(frozen=True)
class Entry:
    """One entry of a tar.

    Args:
        name: Its path in the tar, as the tar has it.
        size: Bytes that it claims.
        kind: What it is.
        stream: The tar, where the entry's bytes begin; read at most ``size`` of it.
    """

    name: str
    size: int
    kind: Kind
    stream: "Content"


class Content(io.RawIOBase):
    """The bytes of one entry."""

    def __init__(self, tar: io.BufferedIOBase, size: int) -> None:
        super().__init__()
        self._tar, self.left = tar, size

    def readable(self) -> bool:
        """True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview", /) -> int:  # type: ignore[override]
        """Fill a buffer with what comes next.

        Raises:
            EOFError: where the tar is cut off.
        """
        most = min(len(buffer), self.left, _READ_AT_ONCE)
        content = _exactly(self._tar, most)
        buffer[:most] = content
        self.left -= most
        return most


def entries_of(tar: io.BufferedIOBase) -> Iterator[Entry]:
    """The entries of a tar; each is passed over when the next is asked for.

    Raises:
        EOFError: where it is cut off.
        ValueError: where it is damaged.
    """
    names: dict[str, str] = {}
    before = 0
    while (block := tar.read(BLOCK)) and block.strip(b"\0"):
        if len(block) < BLOCK:
            raise EOFError
        kind, size = block[156:157], _number(block[124:136])
        _check_sum(block)
        if kind in (_LONG_NAME, _LONG_LINK, _PAX, _PAX_OF_ALL):
            before += 1
            if before > _MAX_NAMES or size > _MAX_NAMES_BYTES:
                raise ValueError("names without end")
            content = _padded(tar, size)
            if kind != _PAX_OF_ALL:
                names |= _names(kind, content)
            continue
        size = int(names.get("size", size)) if kind in _PLAIN else 0
        if any(name.startswith("GNU.sparse") for name in names) or size < 0:
            raise ValueError("a file with holes")
        content_of = Content(tar, size)
        yield Entry(names.get("path", _own_name(block)), size, _kind_of(kind), content_of)
        _skip(tar, content_of.left + -size % BLOCK)
        names, before = {}, 0


def _kind_of(kind: bytes) -> Kind:
    if kind in _PLAIN:
        return Kind.FILE
    if kind in _LINKS:
        return Kind.LINK
    return Kind.FOLDER if kind == _FOLDER else Kind.OTHER


def _names(kind: bytes, content: bytes) -> dict[str, str]:
    if kind == _PAX:
        return _pax(content)
    return {"path": _text(content.partition(b"\0")[0])} if kind == _LONG_NAME else {}


def _pax(content: bytes) -> dict[str, str]:
    """Records of ``length key=value\\n``; the length is that of the whole record."""
    found, at = {}, 0
    while at < len(content) and content[at]:
        digits = content[at : at + 6].partition(b" ")[0]
        length = int(digits) if digits.isdigit() else 0
        key, equals, value = content[at + len(digits) + 1 : at + length - 1].partition(b"=")
        if length <= len(digits) or not equals or at + length > len(content):
            raise ValueError("a damaged record")
        found[_text(key)] = _text(value)
        at += length
    return found


def _own_name(block: bytes) -> str:
    name = _text(block[:100].partition(b"\0")[0])
    prefix = _text(block[345:500].partition(b"\0")[0])
    return f"{prefix}/{name}" if prefix and block[257:263] == _POSIX else name


def _number(field: bytes) -> int:
    """Octal digits, or GNU's binary number."""
    if field[0] & 0x80:
        return int.from_bytes(field[1:], "big") if field[0] == 0x80 else -1
    digits = field.partition(b"\0")[0].strip()
    return int(digits or b"0", 8)


def _check_sum(block: bytes) -> None:
    # The checksum counts itself as spaces.
    if _number(block[148:156]) != sum(block) - sum(block[148:156]) + 8 * ord(" "):
        raise ValueError("a wrong checksum")


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")


def _padded(tar: io.BufferedIOBase, size: int) -> bytes:
    return _exactly(tar, size + -size % BLOCK)[:size]


def _skip(tar: io.BufferedIOBase, count: int) -> None:
    while count:
        count -= len(_exactly(tar, min(count, _READ_AT_ONCE)))


def _exactly(tar: io.BufferedIOBase, count: int) -> bytes:
    content = tar.read(count)
    if len(content) < count:
        raise EOFError
    return content
