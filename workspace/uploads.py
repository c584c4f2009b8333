"""From the files a visitor drops to images on the desk, or a sentence on why not."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, Protocol

from inference.archive import is_zip, unpacked
from inference.errors import InputError
from inference.inspection import inspect_file
from inference.names import is_scan_name
from inference.sources import open_cases
from workspace.desk import NOT_USED, ROLES, Desk, Dropped, Row, set_role, write_file
from workspace.open_case import MAX_VOXELS_ONLINE

FILE_TYPES: Final = ["nii", "gz", "zip", "png", "jpg", "jpeg", "tif", "tiff", "npy"]
# A case has five images; more than this is a stack of slices or many patients.
MAX_IMAGES: Final = 20
_MAX_UNPACKED_BYTES = 600_000_000
_ORDER = (*ROLES, None)


class Upload(Protocol):
    """What Streamlit hands over for a dropped file."""

    name: str

    def getbuffer(self) -> memoryview: ...


def take_in(on: Desk, uploads: Sequence[Upload]) -> None:
    """Look at dropped files and lay what can be used on the desk."""
    on.refused = []
    on.rounds += 1
    for upload in uploads:
        try:
            rows = list(_look_at(upload, with_others=len(uploads) > 1 or bool(on.rows)))
            if len(on.rows) + len(rows) > MAX_IMAGES:
                raise InputError(
                    f"{upload.name} brings more than {MAX_IMAGES} images; give the scan of one "
                    "patient as NIfTI, or a single slice of it."
                )
            on.rows += rows
            # Volumes of one file keep their order and stand first.
            on.rows.sort(key=lambda row: _ORDER.index(row.role) if not row.image.part else -1)
        except InputError as error:
            on.refused.append(str(error))


def _look_at(upload: Upload, *, with_others: bool) -> Iterator[Row]:
    """The images of one dropped file, or of the files in a dropped zip."""
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        path = write_file(Dropped(upload.name, bytes(upload.getbuffer())), Path(folder) / "0")
        if not is_zip(path):
            yield from _rows(path)
            return
        with unpacked(path, max_bytes=_MAX_UNPACKED_BYTES) as inside:
            _check_one_case(inside, path)
            found = sorted(file for file in inside.rglob("*") if file.is_file())
            rows = [row for file in found[: MAX_IMAGES + 1] for row in _rows(file)]
            known = with_others or any(row.role for row in rows)
            for row in rows:
                # A mask of the brain beside four modalities is no question worth asking.
                row.role = row.role or (NOT_USED if known else None)
                yield row


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


def _rows(path: Path) -> list[Row]:
    if not is_scan_name(path.name):
        raise InputError(
            f"{path.name} is no kind of file GlioLens reads; give NIfTI (.nii, .nii.gz), PNG, "
            "JPEG, TIFF or .npy."
        )
    images = inspect_file(path, max_voxels=MAX_VOXELS_ONLINE)
    file = Dropped(path.name, path.read_bytes())
    rows = [Row(file, image, None) for image in images]
    for row in rows:
        set_role(row, row.image.guess)
    return rows
