"""From what a user gives to cases of files and studies of DICOM."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from common.errors import InputError
from inference.dicom.files import MAX_FILES, files_under, too_many_files
from inference.io.archives.archive import is_archive, names_in, stem_of_archive, unpacked
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.cases.files_of_case import RefusedFiles, refused_by_case
from inference.io.names.file_names import is_nifti_name, is_scan_name
from inference.io.names.first_bytes import first_bytes, may_be_dicom
from inference.io.names.own_output import is_own_output
from inference.study.series.nifti_series import sidecar_of


@dataclass(frozen=True)
class DicomFiles:
    """Folders and files that are read as one DICOM study.

    Args:
        paths: As they were given, or unpacked.
    """

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class NiftiFiles:
    """NIfTI files of one examination, of which some have the JSON of dcm2niix beside them.

    Args:
        paths: The NIfTI files.
        name: What the case is called.
    """

    paths: tuple[Path, ...]
    name: str


AnySource: TypeAlias = CaseFiles | DicomFiles | NiftiFiles


@contextlib.contextmanager
def open_sources(
    paths: Sequence[Path],
    *,
    channels: tuple[str | None, ...] | None = None,
    refused: list[RefusedFiles] | None = None,
) -> Iterator[list[AnySource]]:
    """Find the cases in what a user gave; what was unpacked is removed at the end.

    Args:
        paths: Folders, zips and files. Each folder or zip of DICOM is a study of its own, and all
            loose files of DICOM are one; likewise of NIfTI with the JSON of dcm2niix.
        channels: As of :func:`inference.io.cases.case_files.open_cases`.
        refused: As there.

    Raises:
        InputError: as there.
    """
    with contextlib.ExitStack() as stack:
        studies: list[AnySource] = []
        loose: list[Path] = []
        others: list[Path] = []
        for path in paths:
            with refused_by_case(refused, path, name=stem_of_archive(path.resolve())):
                study = study_in(path, stack)
                if study is not None:
                    studies.append(study)
                elif path.is_file() and says_it_is_dicom(path):
                    loose.append(path)
                else:
                    others.append(path)
        if loose:
            studies.append(DicomFiles(tuple(loose)))
        named, others = _loose_nifti(others)
        if named is not None:
            studies.append(named)
        cases: list[CaseFiles] = []
        if others or not (studies or refused):
            cases = stack.enter_context(open_cases(others, channels=channels, refused=refused))
        yield [*studies, *cases]


def study_in(path: Path, stack: contextlib.ExitStack) -> AnySource | None:
    """The study in a folder or a zip; None where it is another path, or holds other cases.

    Args:
        path: A folder or a file.
        stack: Removes what was unpacked when it is closed.

    Raises:
        InputError: where a zip of a study cannot be unpacked.
    """
    if path.is_file() and is_archive(path):
        inside = _unpacked_study(path, stack)
        return _study_in_folder(inside, name=stem_of_archive(path)) if inside else None
    return _study_in_folder(path, name=path.resolve().name) if path.is_dir() else None


def _study_in_folder(folder: Path, *, name: str) -> AnySource | None:
    files = nifti_with_sidecars(folder)
    if files:
        return NiftiFiles(files, name)
    return DicomFiles((folder,)) if is_dicom(folder) else None


def nifti_with_sidecars(folder: Path) -> tuple[Path, ...]:
    """The NIfTI files below a folder, where dcm2niix has written JSON beside some of them.

    None are given back where they lie in several folders, which are cases of their own.
    """
    named: list[Path] = []
    folders: set[Path] = set()
    # As few as possible are opened: there may be thousands of cases.
    for file in _files_in(folder):
        if is_nifti_name(file.name):
            named.append(file)
            if file.parent not in folders and not is_own_output(file):
                folders.add(file.parent)
        if len(folders) > 1:
            return ()
    if not any(map(sidecar_of, named)):
        return ()
    files = [file for file in named if not is_own_output(file)]
    return tuple(files) if any(map(sidecar_of, files)) else ()


def _loose_nifti(paths: Sequence[Path]) -> tuple[NiftiFiles | None, list[Path]]:
    """All loose NIfTI files as one study, where some have JSON beside them, and what is left."""
    files = [path for path in paths if path.is_file() and is_nifti_name(path.name)]
    sidecars = {sidecar.resolve() for file in files if (sidecar := sidecar_of(file))}
    if not sidecars:
        return None, list(paths)
    left = [path for path in paths if path not in files and path.resolve() not in sidecars]
    return NiftiFiles(tuple(files), files[0].resolve().parent.name), left


def is_dicom(folder: Path) -> bool:
    """Whether a folder is to be read as a DICOM study.

    It is where one of its files says so itself and none is a scan of another kind.
    """
    files = _files_in(folder)
    if any(is_scan_name(file.name) and not is_own_output(file) for file in files):
        return False
    return any(says_it_is_dicom(file) for file in _files_in(folder))


def _files_in(folder: Path) -> Iterator[Path]:
    """The files below a folder, each when it is asked for.

    Raises:
        InputError: for too many that are called like no scan, as on a whole disk.
    """
    others = 0
    for file in files_under(folder):
        others += not is_scan_name(file.name)
        if others > MAX_FILES:
            raise too_many_files()
        yield file


def _unpacked_study(path: Path, stack: contextlib.ExitStack) -> Path | None:
    """The folder that a zip of a study was unpacked to; None where it holds other cases."""
    try:
        names = set(names_in(path))
    except InputError:
        return None  # whoever reads scans of another kind says what is wrong with it
    scans = [inside for inside in names if is_scan_name(inside.name)]
    volumes = [inside for inside in scans if is_nifti_name(inside.name)]
    with_json = any(_json_of(inside) in names for inside in volumes)
    if scans and not with_json:
        return None
    return stack.enter_context(unpacked(path, any_name=True))


def _json_of(inside: PurePosixPath) -> PurePosixPath:
    stem = inside.name[: inside.name.lower().rindex(".nii")]
    return inside.with_name(f"{stem}.json")


def says_it_is_dicom(file: Path) -> bool:
    """Whether a file says itself that it is DICOM, be it without its preamble."""
    return may_be_dicom(first_bytes(file))
