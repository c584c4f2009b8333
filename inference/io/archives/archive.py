"""What stands between a stranger's zip and the disk of this machine.

A table of contents is a claim, as a header is: 4 MB of zeros unpack to 4 GB, and a path may lead
out of the folder it is unpacked to. Here the claims are checked before zipfile acts on them; only
scans are unpacked, and none further than what it was allowed to claim.
"""

import contextlib
import os
import re
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from common.disk_errors import OF_THE_DISK, name_that_fits, sentence_on
from common.errors import InputError
from inference.io.archives.bombs import BOMB_BYTES, BOMB_RATIO
from inference.io.archives.tar_archive import begins_like_tar, is_tar, members_of, unpack_tar
from inference.io.archives.zip_names import restore_names
from inference.io.names.companions import is_companion_name
from inference.io.names.file_names import DESCRIPTION, is_scan_name
from inference.io.names.wording import nothing_in, shown

# A hundred BraTS patients fit; a disk with room for a few uploads at once does not fill.
MAX_ZIP_BYTES: Final = 2 * 1024**3
MAX_ZIP_ENTRIES: Final = 5_000
# Twice what an entry with a long path takes in a zip's table of contents.
_ZIP_ENTRY_BYTES = 256
_ZIP_END_BYTES = 76 + 22 + 65_535
_SEVERAL_ARRAYS = ".npz"  # a zip of arrays
_ENDING = re.compile(r"\.(zip|tgz|tbz2?|txz|tar(\.(gz|bz2|xz))?)$", re.IGNORECASE)
# What zipfile raises on damage has no common type: a name may be no UTF-8, a field too short.
_DAMAGE: Final = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError),
    *(ValueError, RuntimeError, IndexError, OverflowError, struct.error),
)


def begins_like_zip(head: bytes) -> bool:
    """Whether these are the first bytes of a zip; an empty one has a signature of its own."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def begins_like_archive(head: bytes) -> bool:
    """Whether these are the first bytes of a zip or a tar."""
    return begins_like_zip(head) or begins_like_tar(head)


def is_archive(path: Path) -> bool:
    """Whether a file begins like a zip or a tar, whatever it is called."""
    return is_zip(path) or is_tar(path)


def names_in(path: Path) -> list[PurePosixPath]:
    """Where each file lies in a zip or a tar, whatever it is; nothing is kept.

    Raises:
        InputError: where the archive is refused.
    """
    if is_zip(path):
        return [path_in_zip(entry) for entry in check_zip(path, any_name=True)]
    inside = members_of(path, max_bytes=MAX_ZIP_BYTES, max_entries=MAX_ZIP_ENTRIES)
    return [place for place in inside if not _is_hidden(place)]


def stem_of_archive(path: Path) -> str:
    """The name of an archive without its ending."""
    return _ENDING.sub("", path.name)


def is_zip(path: Path) -> bool:
    """Whether a file begins like a zip, whatever it is called."""
    try:
        with path.open("rb") as stream:
            return begins_like_zip(stream.read(4))
    except OSError:
        return False


def check_zip(
    path: Path,
    *,
    max_bytes: int = MAX_ZIP_BYTES,
    max_entries: int = MAX_ZIP_ENTRIES,
    any_name: bool = False,
) -> list[zipfile.ZipInfo]:
    """Check what a zip claims, from its table of contents; nothing is unpacked.

    Args:
        path: A zip.
        max_bytes: Most bytes its scans may unpack to, together.
        max_entries: Most files and folders of any kind in it.
        any_name: Whether files of any name are wanted.

    Returns:
        The scans in it (NIfTI, pictures, arrays), without what macOS adds and without hidden files.

    Raises:
        InputError: where it is damaged, beyond a limit, protected by a password, or holds links
            or paths that lead out of it.
    """
    if path.suffix.lower() == _SEVERAL_ARRAYS:
        raise InputError(
            f"{shown(path)} is a packed file of NumPy arrays; save the slice alone with numpy.save "
            "(.npy)."
        )
    try:
        if _directory_bytes(path) > max_entries * _ZIP_ENTRY_BYTES:
            raise _too_many_entries(path, max_entries)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except _DAMAGE as error:
        raise InputError(f"{shown(path)} is a damaged zip; zip the files again.") from error
    if len(entries) > max_entries:
        raise _too_many_entries(path, max_entries)
    restore_names(entries)
    for entry in entries:
        _check_entry(entry, path)
    wanted = [entry for entry in entries if _is_wanted(entry, any_name=any_name)]
    _check_ratios(wanted, path)
    if sum(entry.file_size for entry in wanted) > max_bytes:
        raise InputError(
            f"{shown(path)} unpacks to more than {max_bytes / 1e9:.1f} GB; "
            "give fewer cases at a time."
        )
    return wanted


def path_in_zip(entry: zipfile.ZipInfo) -> PurePosixPath:
    """Where an entry lies in its zip; some writers on Windows use backslashes."""
    return PurePosixPath(entry.filename.replace("\\", "/"))


@contextlib.contextmanager
def unpacked(
    path: Path, *, max_bytes: int = MAX_ZIP_BYTES, any_name: bool = False
) -> Iterator[Path]:
    """A temporary folder with the scans of a zip or a tar, removed at the end.

    Args:
        path: A zip or a tar.
        max_bytes: Most bytes its scans may unpack to, together.
        any_name: Whether files of any name are unpacked: those of DICOM may have none.

    Raises:
        InputError: where the zip is refused, holds no scan, or cannot be unpacked.
    """
    if not is_zip(path):
        with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
            _unpack_from_tar(path, Path(folder), max_bytes, any_name=any_name)
            _make_as_old(Path(folder), path)
            yield Path(folder)
        return
    members = check_zip(path, max_bytes=max_bytes, any_name=any_name)
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                if not members:
                    raise nothing_in(path, archive.namelist())
                for member in members:
                    _unpack(archive, member, Path(folder))
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno in OF_THE_DISK:
                raise InputError(sentence_on(error)) from error
            raise InputError(f"{shown(path)} cannot be unpacked; zip the files again.") from error
        _make_as_old(Path(folder), path)
        yield Path(folder)


def _make_as_old(folder: Path, archive: Path) -> None:
    """Have what was unpacked be told from what was unpacked of it after a change."""
    packed = archive.stat().st_mtime_ns
    for file in folder.rglob("*"):
        os.utime(file, ns=(packed, packed))


def _directory_bytes(path: Path) -> int:
    """Bytes of a zip's table of contents, as zipfile will read it; 0 where there is none."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _ZIP_END_BYTES))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0
    size = struct.unpack_from("<I", tail, end + 12)[0]
    has_64_bit_end = tail[max(0, end - 20) :].startswith(b"PK\x06\x07") and end >= 76
    return max(size, struct.unpack_from("<Q", tail, end - 36)[0]) if has_64_bit_end else size


def _check_entry(entry: zipfile.ZipInfo, path: Path) -> None:
    inside = path_in_zip(entry)
    if inside.is_absolute() or ".." in inside.parts or ":" in entry.filename[:2]:
        raise InputError(f"{shown(path)} holds a path that leads out of it; zip the files again.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"{shown(path)} holds a link; zip the files themselves.")
    if entry.flag_bits & 1:
        raise InputError(f"{shown(path)} is protected by a password; zip the files without one.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(f"{shown(path)} is packed in a rare way; zip the files as usual.")


def _check_ratios(entries: list[zipfile.ZipInfo], path: Path) -> None:
    """No scan packs to a thousandth; the largest honest thing that does is an empty truth."""
    alone = [(entry.file_size, entry.compress_size) for entry in entries]
    # Entries may lie on each other, so that all together are packed into less than they claim.
    unpacked_bytes, packed_bytes = map(sum, zip(*alone, strict=True)) if alone else (0, 0)
    together = (unpacked_bytes, min(packed_bytes, path.stat().st_size))
    for size, packed in (*alone, together):
        if size > BOMB_BYTES and size > BOMB_RATIO * packed:
            raise InputError(
                f"{shown(path)} holds {size / 1e9:.1f} GB packed into {packed / 1e6:.1f} MB, which "
                "no scan packs to; zip the scans alone."
            )


def _is_wanted(entry: zipfile.ZipInfo, *, any_name: bool) -> bool:
    inside = path_in_zip(entry)
    is_folder = entry.filename.endswith(("/", "\\"))
    return not is_folder and _is_wanted_name(inside, any_name=any_name)


def _is_wanted_name(inside: PurePosixPath, *, any_name: bool) -> bool:
    kinds = (is_scan_name, is_companion_name)
    is_read = any_name or inside.name == DESCRIPTION or any(kind(inside.name) for kind in kinds)
    return is_read and not _is_hidden(inside)


def _is_hidden(inside: PurePosixPath) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in inside.parts)


def _unpack_from_tar(path: Path, folder: Path, max_bytes: int, *, any_name: bool) -> None:
    limits = {"max_bytes": max_bytes, "max_entries": MAX_ZIP_ENTRIES}
    inside = members_of(path, **limits)
    wanted = [each for each in inside if _is_wanted_name(each, any_name=any_name)]
    if not wanted:
        raise nothing_in(path, map(str, inside))
    unpack_tar(path, folder, frozenset(wanted), **limits)


def _too_many_entries(path: Path, most: int) -> InputError:
    return InputError(
        f"{shown(path)} holds more than {most} files; zip only the scans of the cases."
    )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    target = folder.joinpath(*map(name_that_fits, path_in_zip(member).parts))
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1024**2)
