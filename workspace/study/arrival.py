"""Dropped files that are a study of DICOM, laid on disk where its reader finds them."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from common.disk_errors import name_that_fits
from inference.io.archives.archive import begins_like_archive
from inference.io.names.file_names import case_name, is_nifti_name
from inference.io.names.first_bytes import KILOBYTE, may_be_dicom
from inference.study.sources import (
    DicomFiles,
    NiftiFiles,
    nifti_with_sidecars,
    study_in,
)
from workspace.session.uploads import Upload
from workspace.session.uploads_on_disk import KeptUpload, kept
from workspace.study.study import Study


def study_of(uploads: Sequence[Upload]) -> Study | None:
    """The study that dropped files make up; None where they are to be read in another way.

    Files of DICOM are one, with whatever lies among them, unless there is a NIfTI file; so are
    NIfTI files with the JSON of dcm2niix among them, and a zip of either.

    Args:
        uploads: As they were dropped.

    Raises:
        InputError: where a zip of a study cannot be unpacked.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gliolens-")))
        source = _source_of([kept(upload) for upload in uploads], folder, stack)
        return None if source is None else Study(source, delete=stack.pop_all().close)


def _source_of(
    uploads: Sequence[KeptUpload], folder: Path, stack: ExitStack
) -> DicomFiles | NiftiFiles | None:
    zips = [upload for upload in uploads if begins_like_archive(upload.file.head(KILOBYTE))]
    if any(is_nifti_name(upload.name) for upload in uploads):
        return _of_nifti(uploads, folder)
    if any(map(_may_be_dicom, uploads)):
        _lay_down(uploads, folder)
        return DicomFiles((folder,))
    # Several zips are several exams, or none.
    return _unpacked(zips[0], folder, stack) if len(zips) == 1 else None


def _of_nifti(uploads: Sequence[KeptUpload], folder: Path) -> NiftiFiles | None:
    """One only where there is JSON: names alone are recognised, and corrected, on the desk."""
    names = [Path(upload.name).name for upload in uploads]
    kinds = all(is_nifti_name(name) or name.lower().endswith(".json") for name in names)
    if not kinds or len(set(names)) < len(names) or all(map(is_nifti_name, names)):
        return None
    for name, upload in zip(names, uploads, strict=True):
        upload.file.lay(folder / name_that_fits(name))
    files = nifti_with_sidecars(folder)
    return NiftiFiles(files, case_name(filter(is_nifti_name, names))) if files else None


def _may_be_dicom(upload: KeptUpload) -> bool:
    return may_be_dicom(upload.file.head(KILOBYTE))


def _lay_down(uploads: Sequence[KeptUpload], folder: Path) -> None:
    """Each in a folder of its own: two may have the same name, and none may choose a path."""
    for number, upload in enumerate(uploads):
        place = folder / str(number)
        place.mkdir()
        upload.file.lay(place / name_that_fits(Path(upload.name).name))


def _unpacked(upload: KeptUpload, folder: Path, stack: ExitStack) -> DicomFiles | NiftiFiles | None:
    # Under its own name, which a refusal names and the case gets.
    path = folder / name_that_fits(Path(upload.name).name)
    upload.file.lay(path)
    source = study_in(path, stack)
    path.unlink()
    return source if isinstance(source, DicomFiles | NiftiFiles) else None
