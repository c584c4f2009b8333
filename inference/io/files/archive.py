"""What stands between a stranger's zip and the disk of this machine.

A table of contents is a claim, as a header is: 4 MB of zeros unpack to 4 GB, and a path may lead
out of the folder it is unpacked to. Here the claims are checked before zipfile acts on them; only
scans are unpacked, and none further than what it was allowed to claim.
"""

import contextlib
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from common.errors import InputError
from inference.io.files.file_names import is_scan_name
from inference.io.files.wording import nothing_in, shown

# A hundred BraTS patients fit; a disk with room for a few uploads at once does not fill.
MAX_ZIP_BYTES: Final = 2 * 1024**3
MAX_ZIP_ENTRIES: Final = 5_000
# An honest truth of 256³ float64 is 134 MB and packs to a thousandth; no scan packs like that.
BOMB_BYTES: Final = 160_000_000
BOMB_RATIO: Final = 500
# Twice what an entry with a long path takes in a zip's table of contents.
_ZIP_ENTRY_BYTES = 256
_ZIP_END_BYTES = 76 + 22 + 65_535
_UNPACK_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError)


def begins_like_zip(head: bytes) -> bool:
    """Whether these are the first bytes of a zip; an empty one has a signature of its own."""
    return head.startswith((b"PK\x03\x04", b"PK\x05\x06"))


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
    try:
        if _directory_bytes(path) > max_entries * _ZIP_ENTRY_BYTES:
            raise _too_many_entries(path, max_entries)
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError(f"{shown(path)} is a damaged zip; zip the files again.") from error
    if len(entries) > max_entries:
        raise _too_many_entries(path, max_entries)
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
    """A temporary folder with the scans of a zip, removed at the end.

    Args:
        path: A zip.
        max_bytes: Most bytes its scans may unpack to, together.
        any_name: Whether files of any name are unpacked: those of DICOM may have none.

    Raises:
        InputError: where the zip is refused, holds no scan, or cannot be unpacked.
    """
    members = check_zip(path, max_bytes=max_bytes, any_name=any_name)
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                if not members:
                    raise nothing_in(path, archive.namelist())
                for member in members:
                    _unpack(archive, member, Path(folder))
        except _UNPACK_ERRORS as error:
            raise InputError(f"{shown(path)} cannot be unpacked; zip the files again.") from error
        yield Path(folder)


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
    together = tuple(map(sum, zip(*alone, strict=True))) if alone else (0, 0)
    for size, packed in (*alone, together):
        if size > BOMB_BYTES and size > BOMB_RATIO * packed:
            raise InputError(
                f"{shown(path)} holds {size / 1e9:.1f} GB packed into {packed / 1e6:.1f} MB, which "
                "no scan packs to; zip the scans alone."
            )


def _is_wanted(entry: zipfile.ZipInfo, *, any_name: bool) -> bool:
    inside = path_in_zip(entry)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in inside.parts)
    is_folder = entry.filename.endswith(("/", "\\"))
    return not hidden and not is_folder and (any_name or is_scan_name(inside.name))


def _too_many_entries(path: Path, most: int) -> InputError:
    return InputError(
        f"{shown(path)} holds more than {most} files; zip only the scans of the cases."
    )


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / path_in_zip(member)
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1024**2)
