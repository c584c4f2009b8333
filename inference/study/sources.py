"""From what a user gives to cases of files and studies of DICOM."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from common.errors import InputError
from inference.dicom.files import all_files
from inference.io.case_files import CaseFiles, open_cases
from inference.io.files.archive import check_zip, is_zip, unpacked
from inference.io.files.file_names import is_scan_name

_PREAMBLE, _MAGIC = 128, b"DICM"


@dataclass(frozen=True)
class DicomFiles:
    """Folders and files that are read as one DICOM study.

    Args:
        paths: As they were given, or unpacked.
    """

    paths: tuple[Path, ...]


@contextlib.contextmanager
def open_sources(
    paths: Sequence[Path], *, channels: tuple[str | None, ...] | None = None
) -> Iterator[list[CaseFiles | DicomFiles]]:
    """Find the cases in what a user gave; what was unpacked is removed at the end.

    Args:
        paths: Folders, zips and files. Each folder or zip of DICOM is a study of its own, and all
            loose files of DICOM are one.
        channels: As of :func:`inference.io.case_files.open_cases`.

    Raises:
        InputError: where a path does not exist, or its files do not make up cases.
    """
    with contextlib.ExitStack() as stack:
        studies: list[CaseFiles | DicomFiles] = []
        loose: list[Path] = []
        others: list[Path] = []
        for path in paths:
            if path.is_file() and is_zip(path):
                inside = _unpacked_study(path, stack)
                if inside is None:
                    others.append(path)
                else:
                    studies.append(DicomFiles((inside,)))
            elif path.is_dir() and is_dicom(path):
                studies.append(DicomFiles((path,)))
            elif path.is_file() and _has_dicom_magic(path):
                loose.append(path)
            else:
                others.append(path)
        if loose:
            studies.append(DicomFiles(tuple(loose)))
        cases = stack.enter_context(open_cases(others, channels=channels)) if others else []
        if not studies and not others:
            stack.enter_context(open_cases([], channels=channels))
        yield [*studies, *cases]


def is_dicom(folder: Path) -> bool:
    """Whether a folder is to be read as a DICOM study.

    It is where one of its files says so itself and none is a scan of another kind.
    """
    files = all_files([folder])
    if any(is_scan_name(file.name) for file in files):
        return False
    return any(_has_dicom_magic(file) for file in files)


def _unpacked_study(path: Path, stack: contextlib.ExitStack) -> Path | None:
    """The folder that a zip of DICOM was unpacked to; None where it holds scans of another kind."""
    try:
        scans = check_zip(path)
    except InputError:
        return None  # whoever reads scans of another kind says what is wrong with it
    if scans:
        return None
    inside = stack.enter_context(unpacked(path, any_name=True))
    return inside if is_dicom(inside) else None


def _has_dicom_magic(file: Path) -> bool:
    with file.open("rb") as stream:
        stream.seek(_PREAMBLE)
        return stream.read(len(_MAGIC)) == _MAGIC
