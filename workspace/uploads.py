"""From the files a visitor drops to a case: what each was recognised as, and what they say it is.

The files stand on disk only while they are read; nothing of an upload is kept after that.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final, Protocol

from inference.errors import InputError
from inference.names import TRUTH, case_name, recognise
from inference.sources import CaseFiles, open_cases
from inference.vocabulary import MODALITIES, MODALITY_NAMES

NOT_USED: Final = "not used"
STACKED: Final = "all in one 4D file"
ZIP: Final = "zip of a case"
ROLES: Final = {**MODALITY_NAMES, TRUTH: "Truth"}
ROLE_OPTIONS: Final = (*ROLES.values(), STACKED, ZIP, NOT_USED)
_BY_TITLE: Final = {title: role for role, title in ROLES.items()}


class Upload(Protocol):
    """What Streamlit hands over for a dropped file."""

    name: str

    def getbuffer(self) -> memoryview: ...


@dataclass(frozen=True)
class Assignment:
    """One dropped file and what it is to be read as, one of ``ROLE_OPTIONS``."""

    upload: Upload
    role: str


def guess_role(name: str, *, alone: bool) -> str:
    """What a file's name says it is.

    Args:
        name: The file's name.
        alone: Whether it is the only file: a NIfTI without a telling name is then taken to be 4D.
    """
    kind = recognise(name)
    if kind:
        return ROLES[kind]
    if name.lower().endswith(".zip"):
        return ZIP
    return STACKED if alone and name.lower().endswith((".nii", ".nii.gz")) else NOT_USED


def check_roles(roles: Sequence[str]) -> str | None:
    """What keeps these roles from being one case, in a sentence; None when nothing does."""
    used = [role for role in roles if role != NOT_USED]
    twice = {role for role in used if used.count(role) > 1}
    if twice:
        return f"Two files are set to {sorted(twice)[0]}; set one of them to something else."
    if {STACKED, ZIP} & set(used) and len(set(used) - {ROLES[TRUTH]}) > 1:
        return "A 4D file or a zip stands alone; set the other files to “not used”."
    if not set(used) - {ROLES[TRUTH]}:
        return "Say which modality at least one file is: T1, T1c, T2 or FLAIR."
    return None


@contextlib.contextmanager
def case_files(assignments: Sequence[Assignment]) -> Iterator[CaseFiles]:
    """Put the files on disk, as one case, for as long as they are being read.

    Raises:
        InputError: where a zip does not hold exactly one case.
    """
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        used = [given for given in assignments if given.role != NOT_USED]
        paths = {
            given.role: _write(given.upload, Path(folder) / str(number))
            for number, given in enumerate(used)
        }
        if ZIP in paths:
            with open_cases([paths[ZIP]]) as found:
                yield _only(found, paths[ZIP])
        else:
            yield _assembled(paths)


def _assembled(paths: dict[str, Path]) -> CaseFiles:
    kinds = {_BY_TITLE[title]: path for title, path in paths.items() if title in _BY_TITLE}
    truth = kinds.pop(TRUTH, None)
    stacked = paths.get(STACKED)
    names = [path.name for path in (kinds.values() if kinds else [stacked])]
    in_order = {modality: kinds[modality] for modality in MODALITIES if modality in kinds}
    name = case_name(names, fallback="Uploaded case")
    return CaseFiles(name, modalities=in_order, truth=truth, stacked=stacked)


def _only(found: list[CaseFiles], path: Path) -> CaseFiles:
    if len(found) > 1:
        raise InputError(
            f"{path.name} holds {len(found)} cases; give a zip of one patient's files."
        )
    return found[0]


def _write(upload: Upload, folder: Path) -> Path:
    """Each file in a folder of its own: two may have the same name, and none may choose a path."""
    folder.mkdir()
    file = folder / (PureWindowsPath(PurePosixPath(upload.name).name).name or "file")
    with file.open("wb") as stream:
        stream.write(upload.getbuffer())
    return file
