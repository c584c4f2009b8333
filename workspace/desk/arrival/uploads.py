"""From the files a visitor drops to images on the desk, or a sentence on why not."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from common.disk_errors import disk_errors_in_words
from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.archives.archive import begins_like_archive, is_archive, unpacked
from inference.io.cases.case_files import cases_in, left_packed_in
from inference.io.cases.files_of_case import CaseFiles
from inference.io.inspection import inspect_file
from inference.io.names.companions import (
    belongs_to,
    companions_of,
    has_companion,
    is_companion_name,
)
from inference.io.names.file_names import TRUTH, is_scan_name, is_volume_name
from inference.io.names.names_of_case import kinds_of
from inference.io.names.owners import TwoOwnersError
from inference.io.names.wording import shown
from inference.io.slices.numbered_slices import Series, Source, find_series
from workspace.desk.arrival.dropped import Dropped, DroppedSlices, Failed, write_file
from workspace.desk.desk import NOT_USED, ROLES, Desk, Row
from workspace.desk.numbered_files import take_order, without_description
from workspace.desk.unknown_files import without_strangers
from workspace.kept_file import KeptFile
from workspace.open_case import MAX_VOXELS_ONLINE
from workspace.session.uploads import Upload
from workspace.session.uploads_on_disk import KeptUpload, kept

# A case has five images; more than this is many patients. The slices of an image count as one.
MAX_IMAGES: Final = 20
_MAX_UNPACKED_BYTES = 600_000_000
_HEAD_BYTES = 1024
# No header that names a file beside it is longer.
_HEADER_BYTES: Final = 65_536
_ORDER = (*ROLES, None)


def take_in(on: Desk, uploads: Sequence[Upload]) -> None:
    """Look at dropped files and lay what can be used on the desk."""
    on.rounds += 1
    on.unread = []
    files, order = without_description([kept(upload) for upload in uploads])
    known, on.refused = without_strangers(files)
    try:
        dropped = _with_slices_together(known)
    except InputError as error:
        on.refused.append(str(error))
        return
    names = {one.name for one in dropped}
    on.failed = [each for each in on.failed if each.file.name not in names]
    _lay(on, dropped)
    take_order(on, order)


def _lay(on: Desk, dropped: Sequence[Dropped | DroppedSlices]) -> None:
    left_out = []
    for one in dropped:
        full = len(on.rows) == MAX_IMAGES
        several = len(dropped) > 1 or bool(on.rows)
        rows = [] if full else list(look_at(one, on, with_others=several))
        if full or len(on.rows) + len(rows) > MAX_IMAGES:
            left_out.append(one.name)
            continue
        on.rows += rows
    _recognise_together([row for row in on.rows if not row.packed])
    # Volumes of one file keep their order and stand first.
    on.rows.sort(key=lambda row: _ORDER.index(row.role) if not row.image.part else -1)
    if left_out:
        on.refused.append(_too_many(left_out))


def _too_many(names: Sequence[str]) -> str:
    """One sentence, however many files are left out."""
    others = len(names) - 1
    bring = f"and {others} more files bring" if others else "brings"
    return (
        f"{names[0]} {bring} more than {MAX_IMAGES} images; give the scan of one patient as NIfTI, "
        "its slices as pictures numbered alike, or a single slice."
    )


def _with_slices_together(uploads: Sequence[KeptUpload]) -> list[Dropped | DroppedSlices]:
    """Every dropped file, but the pictures of one series as one.

    Raises:
        InputError: where the slices of a series do not go together.
    """
    by_path = {Path(upload.name): upload for upload in uploads}
    series = [one for one in _sources([Path(u.name) for u in uploads]) if isinstance(one, Series)]
    numbered = {file for one in series for file in one.files}
    slices = [DroppedSlices(one, tuple(by_path[file].file for file in one.files)) for one in series]
    others = [
        Dropped(upload.name, upload.file) for upload in uploads if Path(upload.name) not in numbered
    ]
    return [*slices, *_with_companions(others)]


def _with_companions(files: Sequence[Dropped]) -> list[Dropped]:
    """Headers with the files beside them that hold their numbers."""
    companions = [file for file in files if is_companion_name(file.name)]
    return [
        replace(file, beside=tuple(each for each in companions if _is_its(each, file)))
        for file in files
        if file not in companions
    ]


def _is_its(companion: Dropped, header: Dropped) -> bool:
    return has_companion(header.name) and belongs_to(
        companion.name, header.name, header.file.head(_HEADER_BYTES)
    )


def look_at(dropped: Dropped | DroppedSlices, on: Desk, *, with_others: bool) -> Iterator[Row]:
    """The images of one dropped file, of the files in a dropped zip, or of slices.

    Args:
        dropped: What was dropped.
        on: Takes a sentence for each file that cannot be used.
        with_others: Whether it is not all that there is.
    """
    try:
        with disk_errors_in_words(), tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
            path = write_file(dropped, Path(folder) / "0")
            if isinstance(path, Series) or not is_archive(path):
                yield from _rows(path)
                return
            with unpacked(path, max_bytes=_MAX_UNPACKED_BYTES) as inside:
                case = _case_in(inside, path)
                on.unread += case.notes if case else ()
                rows = _rows_inside(inside, case, on.refused, with_others=with_others)
                yield from (replace(row, packed=True) for row in rows)
    except InputError as error:
        if isinstance(dropped, Dropped) and begins_like_archive(dropped.file.head(_HEAD_BYTES)):
            on.refused.append(str(error))
        else:
            on.failed.append(Failed(dropped, str(error)))


def try_again(on: Desk, mark: str) -> None:
    """Look at a file once more that could not be read, as when a disk was full.

    Args:
        on: Where it is kept.
        mark: Its own. Of one that was tried again or left out already nothing more is done.
    """
    failed = _taken(on, mark)
    if failed is not None:
        on.rounds += 1
        _lay(on, [failed.file])


def leave_out(on: Desk, mark: str) -> None:
    """Go on without a file that could not be read; as :func:`try_again`."""
    _taken(on, mark)


def _taken(on: Desk, mark: str) -> Failed | None:
    found = next((failed for failed in on.failed if failed.mark == mark), None)
    if found is not None:
        on.failed.remove(found)
    return found


def _rows_inside(
    folder: Path, case: CaseFiles | None, refused: list[str], *, with_others: bool
) -> list[Row]:
    """The images of an unpacked zip; what cannot be used does not keep the others away."""
    every = sorted(file for file in folder.rglob("*") if file.is_file())
    found = _sources([file for file in every if is_scan_name(file.name)])
    found.sort(key=lambda file: isinstance(file, Path) and not is_volume_name(file.name))
    rows = []
    named = {each.name for each in case.unread} if case else set()
    for file in found[: MAX_IMAGES + 1]:
        try:
            rows += _of_case(case, file, _rows(file))
        except InputError as error:
            # What the note on the zip names is not said twice.
            if isinstance(file, Series) or shown(file) not in named:
                refused.append(str(error))
    if case is None:
        _recognise_together(rows)
    volumes = any(is_volume_name(row.file.name) for row in rows)
    known = with_others or any(row.role in MODALITIES for row in rows)
    for row in rows:
        if volumes and not is_volume_name(row.file.name):
            row.role = NOT_USED  # a picture beside volumes is a preview of them
        # A mask of the brain beside four modalities is no question worth asking.
        row.role = row.role or (NOT_USED if known else None)
    return rows


def _case_in(inside: Path, path: Path) -> CaseFiles | None:
    """The case by the names in a zip; where they make none, the visitor will say what is what.

    Raises:
        InputError: where it holds several cases, or files of two patients.
    """
    try:
        cases = cases_in(inside, given_as=path, left_packed=left_packed_in(path))
    except TwoOwnersError:
        raise
    except InputError:
        return None
    if len(cases) > 1:
        raise InputError(
            f"{shown(path)} holds {len(cases)} cases; give a zip of one patient's files."
        )
    return cases[0]


def _of_case(case: CaseFiles | None, source: Source, rows: list[Row]) -> list[Row]:
    """The rows of a file as what it is in a case; what is in none is left as it is."""
    if case is None or len(rows) > 1:
        return rows
    given = {**case.modalities, TRUTH: case.truth}
    kind = next((kind for kind, each in given.items() if _is_same(each, source)), None)
    if _is_same(case.stacked, source):
        return rows
    return [replace(row, role=kind) for row in rows]


def _is_same(one: Source | None, other: Source) -> bool:
    if isinstance(one, Series) and isinstance(other, Series):
        return one.files == other.files
    return one == other


def _recognise_together(rows: Sequence[Row]) -> None:
    """What the names of several files say together that none says alone."""
    single = [row for row in rows if not row.image.part and isinstance(row.file, Dropped)]
    kinds = kinds_of([row.file.name for row in single])
    for row, kind in zip(single, kinds, strict=True):
        if not row.said and row.role != NOT_USED:
            row.role = kind


def _sources(files: list[Path]) -> list[Source]:
    """Files, with the pictures of a series together; beside volumes they are previews."""
    if any(is_volume_name(file.name) for file in files):
        return files
    series = find_series(files)
    numbered = {file for one in series for file in one.files}
    return [*series, *(file for file in files if file not in numbered)]


def _rows(source: Source) -> list[Row]:
    images = inspect_file(source, max_voxels=MAX_VOXELS_ONLINE)
    file = _dropped(source)
    return [Row(file, image, image.guess) for image in images]


def _dropped(source: Source) -> Dropped | DroppedSlices:
    if isinstance(source, Series):
        return DroppedSlices(source, tuple(map(KeptFile.like, source.files)))
    beside = tuple(Dropped(each.name, KeptFile.like(each)) for each in companions_of(source))
    return Dropped(source.name, KeptFile.like(source), beside)
