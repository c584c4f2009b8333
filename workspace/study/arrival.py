"""Dropped files that are a study of DICOM, laid on disk where its reader finds them."""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final, Protocol

from inference.io.files.archive import begins_like_zip
from inference.io.files.file_names import is_nifti_name
from inference.study.sources import DicomFiles, study_in
from workspace.study.study import Study

_MAGIC: Final = b"DICM"
_PREAMBLE: Final = 128


class Upload(Protocol):
    """What Streamlit hands over for a dropped file."""

    name: str

    def getbuffer(self) -> memoryview:
        """Its bytes, without a copy."""
        ...


def study_of(uploads: Sequence[Upload]) -> Study | None:
    """The study that dropped files make up; None where they are to be read in another way.

    Files of DICOM are one, with whatever lies among them, unless there is a NIfTI file; so is a
    zip of them.

    Args:
        uploads: As they were dropped.

    Raises:
        InputError: where a zip of DICOM cannot be unpacked.
    """
    if any(is_nifti_name(upload.name) for upload in uploads):
        return None
    dicom = any(_begins_like_dicom(upload) for upload in uploads)
    zips = [upload for upload in uploads if begins_like_zip(bytes(upload.getbuffer()[:4]))]
    if not dicom and not zips:
        return None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gliolens-")))
        if dicom:
            _lay_down(uploads, folder)
        else:
            inside = _unpacked(zips, folder, stack)
            if inside is None:
                return None
            folder = inside
        return Study(folder, delete=stack.pop_all().close)
    return None


def _begins_like_dicom(upload: Upload) -> bool:
    return bytes(upload.getbuffer()[_PREAMBLE : _PREAMBLE + len(_MAGIC)]) == _MAGIC


def _lay_down(uploads: Sequence[Upload], folder: Path) -> None:
    """Each in a folder of its own: two may have the same name, and none may choose a path."""
    for number, upload in enumerate(uploads):
        place = folder / str(number)
        place.mkdir()
        (place / Path(upload.name).name).write_bytes(upload.getbuffer())


def _unpacked(zips: Sequence[Upload], folder: Path, stack: ExitStack) -> Path | None:
    """The folder that a zip of DICOM was unpacked to; several zips are no one study."""
    if len(zips) > 1:
        return None
    path = folder / "study.zip"
    path.write_bytes(zips[0].getbuffer())
    study = study_in(path, stack)
    path.unlink()
    return study.paths[0] if isinstance(study, DicomFiles) else None
