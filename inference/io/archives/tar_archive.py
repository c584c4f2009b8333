"""A tar, plain or packed, under the same limits as a zip.

Its table of contents is spread over the file, so a packed one is unpacked while it is checked, and
no further than the sizes it may claim.
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from common.disk_errors import OF_THE_DISK, name_that_fits, sentence_on
from common.errors import InputError
from inference.io.archives.bombs import BOMB_BYTES, BOMB_RATIO
from inference.io.archives.tar_entries import Entry, Kind, entries_of
from inference.io.names.wording import shown
from inference.io.packed_stream import DAMAGE, is_packed, open_unpacked, unpacked_start

_MAGIC: Final = slice(257, 262)
_SNIFFED: Final = 1024
_ERRORS: Final = (*DAMAGE, EOFError)


def begins_like_tar(head: bytes) -> bool:
    """Whether these first bytes are of a tar, or of a packed one: gzip, bzip2 or xz."""
    return unpacked_start(head, _SNIFFED)[_MAGIC] == b"ustar"


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
    with _checked(path, max_bytes, max_entries) as members:
        return [place for _, place in members]


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
    with _checked(path, max_bytes, max_entries) as members:
        for member, place in members:
            if place not in names:
                continue
            target = folder.joinpath(*map(name_that_fits, place.parts))
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as sink:
                shutil.copyfileobj(member.stream, sink, 1024**2)


@contextlib.contextmanager
def _checked(
    path: Path, max_bytes: int, max_entries: int
) -> Iterator[Iterator[tuple[Entry, PurePosixPath]]]:
    """The files of a tar, each checked before what follows it is read; errors are sentences."""
    try:
        with path.open("rb") as stream:
            packed = is_packed(stream.peek(_SNIFFED))
            content = open_unpacked(stream) if packed else stream
            yield _files(entries_of(content), path, max_bytes, max_entries)
    except _ERRORS as error:
        if isinstance(error, OSError) and error.errno in OF_THE_DISK:
            raise InputError(sentence_on(error)) from error
        raise InputError(f"{shown(path)} is a damaged tar; pack the files again.") from error


def _files(
    entries: Iterator[Entry], path: Path, max_bytes: int, max_entries: int
) -> Iterator[tuple[Entry, PurePosixPath]]:
    total, on_disk = 0, path.stat().st_size
    for count, entry in enumerate(entries, start=1):
        place = PurePosixPath(entry.name.replace("\\", "/"))
        total += entry.size
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
        if total > BOMB_BYTES and total > BOMB_RATIO * on_disk:
            raise InputError(
                f"{shown(path)} holds {total / 1e9:.1f} GB packed into {on_disk / 1e6:.1f} MB, "
                "which no scan packs to; pack the scans alone."
            )
        if place.is_absolute() or ".." in place.parts or ":" in entry.name[:2]:
            raise InputError(
                f"{shown(path)} holds a path that leads out of it; pack the files again."
            )
        if entry.kind is Kind.LINK:
            raise InputError(f"{shown(path)} holds a link; pack the files themselves.")
        if entry.kind is Kind.FILE:
            yield entry, place
