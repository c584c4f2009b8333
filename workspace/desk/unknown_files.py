"""Dropped files of a kind that GlioLens does not read, found before anything is read."""

from collections.abc import Sequence
from typing import Final

from inference.io.archives.archive import begins_like_archive
from inference.io.names.companions import has_companion, is_companion_name
from inference.io.names.file_names import is_scan_name
from inference.io.names.wording import shown_name, what_it_is
from workspace.session.uploads_on_disk import KeptUpload

_HEAD_BYTES: Final = 1024
_MOST_NAMED: Final = 3
_DICOM: Final = "a DICOM file"
_NEEDED: Final = "give NIfTI, MetaImage, NRRD, .mgz, PNG, JPEG, TIFF or .npy"
_HOW: Final = {_DICOM: "drop the DICOM files of a study by themselves, on the Open page"}


def without_strangers(uploads: Sequence[KeptUpload]) -> tuple[list[KeptUpload], list[str]]:
    """The files that may be read, by their names, and a sentence for each kind of the others.

    A drop of a whole folder of DICOM slices is one sentence, not hundreds.
    """
    known: list[KeptUpload] = []
    with_header = any(has_companion(upload.name) for upload in uploads)
    strangers: dict[str, list[str]] = {}
    for upload in uploads:
        head = upload.file.head(_HEAD_BYTES)
        companion = with_header and is_companion_name(upload.name)
        if is_scan_name(upload.name) or companion or begins_like_archive(head):
            known.append(upload)
        else:
            kind = what_it_is(head, otherwise="of no kind read here")
            strangers.setdefault(kind, []).append(upload.name)
    return known, [_refusal(names, kind) for kind, names in strangers.items()]


def _refusal(names: Sequence[str], kind: str) -> str:
    how = _HOW.get(kind, _NEEDED)
    if len(names) == 1:
        return f"{shown_name(names[0])} is {kind}; {how}."
    return f"Each of these {len(names)} files is {kind}: {_listed(names)}; {how}."


def _listed(names: Sequence[str]) -> str:
    first = [shown_name(name) for name in names[:_MOST_NAMED]]
    more = len(names) - len(first)
    return f"{', '.join(first)} and {more} more" if more else ", ".join(first)
