"""Which case is which: by where its files are, and by what they are."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from common.errors import InputError
from inference.dicom.files import all_files
from inference.io.cases.files_of_case import CaseFiles, RefusedFiles
from inference.io.names.wording import shown
from inference.io.slices.numbered_slices import Series, Source
from inference.study.series.nifti_series import sidecar_of
from inference.study.sources import AnySource, DicomFiles, NiftiFiles

Given: TypeAlias = AnySource | RefusedFiles
_DIGEST_BYTES: Final = 16
EXAM: Final = "exam"


@dataclass(frozen=True)
class Identity:
    """Tells a case from others, within a run and over several.

    Args:
        name: What its files call it; a study of DICOM is an ``exam``, as no header names it.
        where: The folder of its files, and its name where several lie in one.
        what: Digest of the names, sizes and times of change of its files, of which nothing is
            read; empty where they make up no case.
        place: The folder, as a sentence may show it.
        twin_of: Which case before it, counted from 0, has the same files.
    """

    name: str
    where: str
    what: str
    place: str
    twin_of: int | None = None


def identities(sources: Sequence[Given]) -> list[Identity]:
    """Who each case is, in their order."""
    found = [_identity(source) for source in sources]
    first: dict[tuple[str, str], int] = {}
    for number, each in enumerate(found):
        earlier = first.setdefault((each.where, each.what or each.name), number)
        found[number] = replace(each, twin_of=None if earlier == number else earlier)
    shared = Counter(each.where for each in found if each.twin_of is None)
    return [
        replace(each, where=f"{each.where}/{each.name}") if shared[each.where] > 1 else each
        for each in found
    ]


def named(source: Given, name: str) -> Given:
    """The same case with another name; a study of DICOM gets its own when it is read."""
    return source if isinstance(source, DicomFiles) else replace(source, name=name)


def _identity(source: Given) -> Identity:
    files = sorted({file.parent.resolve() / file.name for file in _files_of(source)})
    folder = _folder_of(source, files)
    place = getattr(source, "folder", "") or shown(folder)
    name = EXAM if isinstance(source, DicomFiles) else _as_text(source.name)
    what = "" if isinstance(source, RefusedFiles) else _digest(files, folder)
    return Identity(name, _as_text(str(folder)), what, place)


def _as_text(name: str) -> str:
    """A name of a disk, which may hold bytes that are no text, as JSON can hold it."""
    return name.encode(errors="backslashreplace").decode()


def _files_of(source: Given) -> Iterable[Path]:
    if isinstance(source, RefusedFiles):
        return [source.path]
    if isinstance(source, NiftiFiles):
        return [*source.paths, *filter(None, map(sidecar_of, source.paths))]
    if isinstance(source, DicomFiles):
        try:
            return all_files(source.paths)
        except InputError:
            return source.paths  # whoever reads it says that they are too many
    return _files_of_case(source)


def _files_of_case(case: CaseFiles) -> list[Path]:
    given: list[Source | None] = [*case.modalities.values(), case.truth, case.stacked]
    found: list[Path] = []
    for each in given:
        if each is not None:
            found += each.files if isinstance(each, Series) else [each]
    return found


def _folder_of(source: Given, files: Sequence[Path]) -> Path:
    if isinstance(source, RefusedFiles):
        return source.path.resolve()
    if isinstance(source, DicomFiles) and len(source.paths) == 1:
        return source.paths[0].resolve()
    return Path(os.path.commonpath([file.parent for file in files]))


def _digest(files: Sequence[Path], folder: Path) -> str:
    digest = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for file in files:
        facts = file.stat() if file.exists() else None
        size, changed = (facts.st_size, facts.st_mtime_ns) if facts else (-1, -1)
        inside = os.path.relpath(file, folder)
        digest.update(f"{inside}\0{size}\0{changed}\0".encode(errors="surrogateescape"))
    return digest.hexdigest()
