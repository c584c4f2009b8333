"""What errors say about a file, in the same words wherever it is refused.

Its name is shown, but not believed: what a file is, its first bytes say.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError

NAMED: Final = "named like *_t1.nii.gz, *_t1ce.nii.gz, *_t2.nii.gz or *_flair.nii.gz"
_LISTED: Final = 3

GIT_LFS: Final = b"version https://git-lfs"

_JOINERS: Final = "\u200c\u200d"
_FROM_THE_RIGHT: Final = {"R", "AL"}
_ISOLATE, _END = "\u2068", "\u2069"

_PICTURES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".npy")

_SIGNATURES = (
    (0, GIT_LFS, "a placeholder of Git LFS without the file (git lfs pull fetches it)"),
    (0, b"\x89PNG", "a PNG picture"),
    (0, b"\xff\xd8\xff", "a JPEG picture"),
    (0, b"GIF8", "a GIF picture"),
    (0, b"II*\x00", "a TIFF picture"),
    (0, b"MM\x00*", "a TIFF picture"),
    (8, b"WEBP", "a WebP picture"),
    (4, b"ftyphei", "a HEIC picture"),
    (4, b"ftypavif", "an AVIF picture"),
    (0, b"BM", "a BMP picture"),
    (128, b"DICM", "a DICOM file"),
    (0, b"PK\x03\x04", "a zip"),
    (0, b"%PDF", "a PDF"),
    (0, b"\xfd7zXZ", "an xz archive"),
    (0, b"7z\xbc\xaf", "a 7z archive"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"BZh", "a bzip2 archive"),
    (257, b"ustar", "a tar archive"),
    (0, b"\x89HDF", "an HDF5 file"),
    (0, b"NRRD", "an NRRD file"),
    (0, b"ObjectType", "a MetaImage file"),
    (0, b"\x1f\x8b", "a gzip archive inside another"),
)


def shown(path: Path) -> str:
    """A file's name as an error may print it: one line, whatever it is called."""
    return shown_name(path.name or str(path))


def named_like(path: Path) -> str:
    """What would be right instead of a file whose name says nothing: of its own kind."""
    ending = path.suffix.lower()
    if ending not in _PICTURES:
        return f"give NIfTI files {NAMED}"
    what = "arrays" if ending == ".npy" else "pictures"
    return f"give {what} named like *_t1{ending}, *_t1ce{ending}, *_t2{ending} or *_flair{ending}"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: two with "and", of many the first few."""
    if len(names) <= _LISTED:
        return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
    return f"{', '.join(names[: _LISTED - 1])} and {len(names) - _LISTED + 1} more"


def counted(number: int, one: str, several: str) -> str:
    """A number with its noun."""
    return f"{number} {one if number == 1 else several}"


def shown_name(name: str) -> str:
    """As :func:`shown`, of a name alone.

    One that is written from right to left is kept apart, so that the sentence around it is not
    turned round.
    """
    printable = (char if char.isprintable() or char in _JOINERS else "?" for char in name)
    line = "".join(printable)
    turns = any(unicodedata.bidirectional(char) in _FROM_THE_RIGHT for char in line)
    return f"{_ISOLATE}{line}{_END}" if turns else line


def what_it_is(head: bytes, *, otherwise: str = "not a NIfTI file") -> str:
    """Say what a file is that is not what was wanted, from its first kilobyte.

    Args:
        head: Its first bytes.
        otherwise: What to say of a kind that is not known.
    """
    if not head:
        return "empty"
    for offset, signature, what in _SIGNATURES:
        if head[offset:].startswith(signature):
            return what
    is_text = all(32 <= byte < 127 or byte in b"\t\r\n\f" or byte > 127 for byte in head)
    return "a text file" if is_text else otherwise


def nothing_in(path: Path, names: Iterable[str]) -> InputError:
    """The refusal of a folder or zip with no NIfTI file in it, from the names of what is there."""
    names = sorted(names)
    if not names:
        return InputError(f"{shown(path)} is empty; give NIfTI files {NAMED}.")
    there = ", ".join(shown(Path(name)) for name in names[:3])
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return InputError(
        f"{shown(path)} holds {there}{more}, but no scan; give NIfTI files {NAMED}, or pictures "
        "named likewise."
    )


def cut_off(path: Path) -> InputError:
    """The refusal of a file that ends too early."""
    return InputError(f"{shown(path)} is cut off before its end; copy or download it again.")


def damaged(path: Path) -> InputError:
    """The refusal of a file whose bytes do not add up."""
    return InputError(f"{shown(path)} is damaged; copy or download it again.")
