"""A tar, plain or packed, under the same limits as a zip.

Its table of contents is spread over the file, so a packed one is unpacked while it is checked, and
no further than the sizes it may claim.
"""

import bz2
import contextlib
import lzma
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from common.disk_errors import OF_THE_DISK, name_that_fits, sentence_on
from common.errors import InputError
from inference.io.names.wording import shown

_MAGIC: Final = slice(257, 262)
_SNIFFED: Final = 1024
_ERRORS: Final = (tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, OSError)


def begins_like_tar(head: bytes) -> bool:
    """Whether these first bytes are of a tar, or of a packed one: gzip, bzip2 or xz."""
    return _unpacked_start(head)[_MAGIC] == b"ustar"


def is_tar(path: Path) -> bool:
    """Whether a file begins like a tar, whatever it is called."""
    try:
        with path.open("rb") as stream:
            return begins_like_tar(stream.read(64 * _SNIFFED))
    except OSError:
        return False


def members_of(path: Path, *, max_bytes: int, max_entries: int) -> list[PurePosixPath]:
    """Where each file of a tar lies in it.

    Args:
        path: A tar.
        max_bytes: Most bytes that all files may have together.
        max_entries: Most files and folders.

    Raises:
        InputError: where it is damaged, beyond a limit, or holds links or paths that lead out.
    """
    with _opened(path) as archive:
        return [place for _, place in _checked(archive, path, max_bytes, max_entries)]


def unpack_tar(
    path: Path, folder: Path, names: frozenset[PurePosixPath], *, max_bytes: int, max_entries: int
) -> None:
    """Unpack some files of a tar into a folder.

    Args:
        path: A tar.
        folder: Gets the files, in their folders.
        names: Which, as of :func:`members_of`.
        max_bytes: As there.
        max_entries: As there.

    Raises:
        InputError: as there.
    """
    with _opened(path) as archive:
        for member, place in _checked(archive, path, max_bytes, max_entries):
            source = archive.extractfile(member) if place in names else None
            if source is None:
                continue
            target = folder.joinpath(*map(name_that_fits, place.parts))
            target.parent.mkdir(parents=True, exist_ok=True)
            with source, target.open("xb") as sink:
                shutil.copyfileobj(source, sink, 1024**2)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    """A tar whose errors are sentences."""
    try:
        with tarfile.open(path, "r:*") as archive:
            yield archive
    except _ERRORS as error:
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            raise InputError(sentence_on(error)) from error
        raise InputError(f"{shown(path)} is a damaged tar; pack the files again.") from error


def _checked(
    archive: tarfile.TarFile, path: Path, max_bytes: int, max_entries: int
) -> Iterator[tuple[tarfile.TarInfo, PurePosixPath]]:
    """The files of a tar, each checked before what follows it is read."""
    total = 0
    for count, member in enumerate(archive, start=1):
        place = PurePosixPath(member.name)
        total += member.size
        if count > max_entries:
            raise InputError(
                f"{shown(path)} holds more than {max_entries} files; pack only the scans of the "
                "cases."
            )
        if total > max_bytes:
            raise InputError(
                f"{shown(path)} unpacks to more than {max_bytes / 1e9:.1f} GB; give fewer cases at "
                "a time."
            )
        if place.is_absolute() or ".." in place.parts:
            raise InputError(
                f"{shown(path)} holds a path that leads out of it; pack the files again."
            )
        if member.issym() or member.islnk():
            raise InputError(f"{shown(path)} holds a link; pack the files themselves.")
        if member.isfile():
            yield member, place


def _unpacked_start(head: bytes) -> bytes:
    try:
        if head.startswith(b"\x1f\x8b"):
            return zlib.decompressobj(31).decompress(head, _SNIFFED)
        if head.startswith(b"BZh"):
            return bz2.BZ2Decompressor().decompress(head, _SNIFFED)
        if head.startswith(b"\xfd7zXZ"):
            return lzma.LZMADecompressor().decompress(head, _SNIFFED)
    except (zlib.error, OSError, lzma.LZMAError, EOFError):
        return b""
    return head
