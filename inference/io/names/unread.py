"""What lies among the files of a case and is not read: each is named, with what to do."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from inference.io.names.companions import is_companion
from inference.io.names.file_names import is_scan_name, why_not
from inference.io.names.first_bytes import KILOBYTE, begins_like_dicom, first_bytes
from inference.io.names.own_output import is_own_output
from inference.io.names.wording import GIT_LFS, NAMED, shown, what_it_is

_LISTED: Final = 6
# What lies beside scans and is none: lists, notes and what converters write.
_DOCUMENTS: Final = {
    *(".txt", ".md", ".rst", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".html", ".htm"),
    *(".bval", ".bvec", ".log", ".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".rtf"),
    *(".py", ".ipynb", ".m", ".r", ".sh", ".bat", ".toml", ".ini", ".cfg", ".md5", ".sha256"),
    *(".xfm", ".lnk", ".url", ".bib", ".ppt", ".pptx", ".ds_store", ".db"),
}
_FORMATS: Final = {
    ".img": "half of a .hdr/.img pair",
    **dict.fromkeys((".raw", ".zraw"), "numbers without the header that explains them"),
    **dict.fromkeys((".dcm", ".ima"), "a DICOM file"),
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz", ".xz", ".bz2"), "an archive"),
}
_OTHER: Final = "a format that is not read"
NO_MODALITY: Final = "its name does not say which modality it is"


@dataclass(frozen=True)
class Unread:
    """A file that is passed over.

    Args:
        name: As it may be shown.
        why: In a few words.
    """

    name: str
    why: str


def note_on(unread: Sequence[Unread]) -> str | None:
    """One sentence that names what was not read; None where all was."""
    if not unread:
        return None
    listed = ", ".join(f"{each.name} ({each.why})" for each in unread[:_LISTED])
    more = f" and {len(unread) - _LISTED} more" if len(unread) > _LISTED else ""
    return f"Not read: {listed}{more}. To have one read, give it as a scan {NAMED}."


def broken(path: Path) -> str | None:
    """Why nothing can be read of what is called like a scan; None where something may be."""
    if path.is_symlink() and not path.exists():
        return "a link that leads nowhere"
    if not path.is_file():
        return None
    size = path.stat().st_size
    if size == 0:
        return "an empty file"
    if size < KILOBYTE and first_bytes(path).startswith(GIT_LFS):
        return what_it_is(GIT_LFS)
    return None


def no_scan(path: Path) -> str | None:
    """What a file is whose name is not that of a scan; None for documents."""
    if is_scan_name(path.name) or path.suffix.lower() in _DOCUMENTS:
        return None
    if path.is_symlink() and not path.exists():
        return "a link that leads nowhere"
    if is_companion(path):
        return None
    if not path.suffix and not _is_dicom(path):
        return None
    return _format(path)


def format_by_name(name: str) -> str | None:
    """As :func:`no_scan`, by the name alone."""
    suffix = Path(name).suffix.lower()
    if is_scan_name(name) or not suffix or suffix in _DOCUMENTS:
        return None
    return _FORMATS.get(suffix, _OTHER)


def others_truth(truth: Path, image: Path) -> Unread:
    """A truth that is somebody else's by its name."""
    return Unread(shown(truth), f"by its name of another patient than {shown(image)}")


def nameless(paths: Iterable[Path]) -> list[Unread]:
    """Scans whose names say nothing of use, each with what is known of it."""
    return [Unread(shown(path), why_not(path.name) or NO_MODALITY) for path in paths]


def _format(path: Path) -> str:
    by_name = _FORMATS.get(path.suffix.lower())
    return by_name or what_it_is(first_bytes(path), otherwise=_OTHER)


def _is_dicom(path: Path) -> bool:
    return begins_like_dicom(first_bytes(path))


def has_scan(folder: Path, *, depth: int) -> bool:
    """Whether a scan lies in a folder or in those in it, other than what GlioLens wrote."""
    with os.scandir(folder) as entries:
        visible = [Path(entry.path) for entry in entries if not entry.name.startswith(".")]
    scans = (each for each in visible if is_scan_name(each.name) and not each.is_dir())
    if any(not is_own_output(each) for each in scans):
        return True
    return depth > 0 and any(has_scan(each, depth=depth - 1) for each in visible if each.is_dir())
