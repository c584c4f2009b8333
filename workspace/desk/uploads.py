"""From the files a visitor drops to images on the desk, or a sentence on why not."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.case_files import open_cases
from inference.io.files.archive import is_zip, unpacked
from inference.io.files.file_names import is_nifti_name
from inference.io.files.numbered_slices import Series, Source, find_series
from inference.io.inspection import inspect_file
from workspace.desk.desk import (
    NOT_USED,
    ROLES,
    Desk,
    Dropped,
    DroppedSlices,
    Row,
    set_role,
    write_file,
)
from workspace.desk.unknown_files import without_strangers
from workspace.open_case import MAX_VOXELS_ONLINE
from workspace.session.uploads import Upload

# A case has five images; more than this is many patients. The slices of an image count as one.
MAX_IMAGES: Final = 20
_MAX_UNPACKED_BYTES = 600_000_000
_ORDER = (*ROLES, None)


def take_in(on: Desk, uploads: Sequence[Upload]) -> None:
    """Look at dropped files and lay what can be used on the desk."""
    on.rounds += 1
    known, on.refused = without_strangers(uploads)
    try:
        dropped = _with_slices_together(known)
    except InputError as error:
        on.refused.append(str(error))
        return
    left_out = []
    for one in dropped:
        full = len(on.rows) == MAX_IMAGES
        several = len(dropped) > 1 or bool(on.rows)
        rows = [] if full else list(look_at(one, on.refused, with_others=several))
        if full or len(on.rows) + len(rows) > MAX_IMAGES:
            left_out.append(one.name)
            continue
        on.rows += rows
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


def _with_slices_together(uploads: Sequence[Upload]) -> list[Dropped | DroppedSlices]:
    """Every dropped file, but the pictures of one series as one.

    Raises:
        InputError: where the slices of a series do not go together.
    """
    by_path = {Path(upload.name): upload for upload in uploads}
    series = [one for one in _sources([Path(u.name) for u in uploads]) if isinstance(one, Series)]
    numbered = {file for one in series for file in one.files}
    slices = [
        DroppedSlices(one, tuple(bytes(by_path[file].getbuffer()) for file in one.files))
        for one in series
    ]
    others = [upload for upload in uploads if Path(upload.name) not in numbered]
    return [*slices, *(Dropped(one.name, bytes(one.getbuffer())) for one in others)]


def look_at(
    dropped: Dropped | DroppedSlices, refused: list[str], *, with_others: bool
) -> Iterator[Row]:
    """The images of one dropped file, of the files in a dropped zip, or of slices.

    Args:
        dropped: What was dropped.
        refused: Takes a sentence for each file that cannot be used.
        with_others: Whether it is not all that there is.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
            path = write_file(dropped, Path(folder) / "0")
            if isinstance(path, Series) or not is_zip(path):
                yield from _rows(path)
                return
            with unpacked(path, max_bytes=_MAX_UNPACKED_BYTES) as inside:
                _check_one_case(inside, path)
                yield from _rows_inside(inside, refused, with_others=with_others)
    except InputError as error:
        refused.append(str(error))


def _rows_inside(folder: Path, refused: list[str], *, with_others: bool) -> list[Row]:
    """The images of an unpacked zip; what cannot be used does not keep the others away."""
    found = _sources(sorted(file for file in folder.rglob("*") if file.is_file()))
    found.sort(key=lambda file: isinstance(file, Path) and not is_nifti_name(file.name))
    rows = []
    for file in found[: MAX_IMAGES + 1]:
        try:
            rows += _rows(file)
        except InputError as error:
            refused.append(str(error))
    volumes = any(is_nifti_name(row.file.name) for row in rows)
    known = with_others or any(row.role in MODALITIES for row in rows)
    for row in rows:
        if volumes and not is_nifti_name(row.file.name):
            row.role = NOT_USED  # a picture beside volumes is a preview of them
        # A mask of the brain beside four modalities is no question worth asking.
        row.role = row.role or (NOT_USED if known else None)
    return rows


def _check_one_case(inside: Path, path: Path) -> None:
    cases = _cases_in(inside)
    if cases > 1:
        raise InputError(f"{path.name} holds {cases} cases; give a zip of one patient's files.")


def _cases_in(folder: Path) -> int:
    """How many cases the names make; where they make none, the visitor will say what is what."""
    try:
        with open_cases([folder]) as found:
            return len(found)
    except InputError:
        return 0


def _sources(files: list[Path]) -> list[Source]:
    """Files, with the pictures of a series together; beside volumes they are previews."""
    if any(is_nifti_name(file.name) for file in files):
        return files
    series = find_series(files)
    numbered = {file for one in series for file in one.files}
    return [*series, *(file for file in files if file not in numbered)]


def _rows(source: Source) -> list[Row]:
    images = inspect_file(source, max_voxels=MAX_VOXELS_ONLINE)
    file = _dropped(source)
    rows = [Row(file, image, None) for image in images]
    for row in rows:
        set_role(row, row.image.guess)
    return rows


def _dropped(source: Source) -> Dropped | DroppedSlices:
    if isinstance(source, Series):
        return DroppedSlices(source, tuple(file.read_bytes() for file in source.files))
    return Dropped(source.name, source.read_bytes())
