"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from inference.io.case_of_slices import case_of_slices
from inference.io.files.archive import check_zip, is_zip, path_in_zip, unpacked
from inference.io.files.file_names import TRUTH
from inference.io.files.names_of_case import kinds_of
from inference.io.files.numbered_slices import Series, find_series, holds_images, kind_of_folder
from inference.io.files.unread import Unread, format_by_name, has_scan, nameless
from inference.io.files.wording import nothing_in, shown, shown_name
from inference.io.files_of_case import CaseFiles, noted
from inference.io.folder_contents import Contents, contents_of, judged_by, patients_of, visible
from inference.io.one_case import case_of, case_of_loose

__all__ = ["CaseFiles", "open_cases"]

# A zip of a data set of groups of cases; a whole disk is not searched.
_MAX_DEPTH = 4
_A_FOLDER = "a folder beside the files of a case"
_GIVE = "give a folder, files, one 4D NIfTI, the pictures of one or more slices or a zip"


@contextlib.contextmanager
def open_cases(
    paths: Sequence[Path], *, channels: tuple[str | None, ...] | None = None
) -> Iterator[list[CaseFiles]]:
    """Find the cases in what a user gave; what was unpacked is removed at the end.

    Args:
        paths: Folders and zips of one or more cases; all loose files together are one case.
        channels: The modalities in the order of the volumes of a file that holds several.

    Raises:
        InputError: where a path does not exist, or its files do not make up cases.
    """
    with contextlib.ExitStack() as stack:
        cases = _find([Path(path) for path in paths], stack)
        yield [replace(case, channels=channels) for case in _named_apart(cases)]


def _find(paths: list[Path], stack: contextlib.ExitStack) -> list[CaseFiles]:
    cases, loose = [], []
    for path in paths:
        if not path.exists():
            raise _absent(path)
        if path.is_dir():
            cases += cases_in(path, given_as=path.resolve())
        elif is_zip(path):
            inside = stack.enter_context(unpacked(path))
            cases += cases_in(inside, given_as=path, left_packed=left_packed_in(path))
        else:
            loose.append(path)
    if loose:
        cases.append(case_of_loose(loose))
    if not cases:
        raise InputError(f"No file was given; {_GIVE}.")
    return cases


def _absent(path: Path) -> InputError:
    if path.is_symlink():
        return InputError(f"{shown(path)} is a link that leads nowhere; give the file itself.")
    return InputError(f"{shown(path)} does not exist; {_GIVE}.")


def left_packed_in(path: Path) -> list[Unread]:
    """What of a zip is not unpacked, since it is no file of a kind that is read."""
    inside = map(path_in_zip, check_zip(path, any_name=True))
    return [
        Unread(shown_name(each.name), why) for each in inside if (why := format_by_name(each.name))
    ]


def cases_in(
    folder: Path, *, given_as: Path, left_packed: Sequence[Unread] = ()
) -> list[CaseFiles]:
    """The case in a folder, or else the cases in the folders in it, in the order of names.

    Args:
        folder: Where they are.
        given_as: The folder or the zip that the user gave.
        left_packed: What of the zip was not unpacked.

    Raises:
        InputError: where the files do not make up cases.
    """
    name = given_as.name if given_as.is_dir() else given_as.stem
    stray = list(left_packed)
    try:
        cases = list(_walk(folder, name=name, depth=_MAX_DEPTH, stray=stray))
        if not cases:
            raise nothing_in(given_as, (entry.name for entry in folder.iterdir()))
    except OSError as error:
        raise InputError(f"{shown(given_as)} cannot be opened: {error.strerror}.") from error
    return [noted(cases[0], stray), *cases[1:]]


def _walk(folder: Path, *, name: str, depth: int, stray: list[Unread]) -> Iterator[CaseFiles]:
    found = contents_of(folder)
    slices = _slices_by_kind(found.folders) if not found.files else []
    if slices:
        yield noted(case_of_slices(slices, fallback=name), found.unread)
    elif found.files and not _only_strays(found, depth):
        patients = patients_of(found) or {name: found}
        of_folders = [
            Unread(f"{shown(inner)}/", _A_FOLDER)
            for inner in found.folders
            if has_scan(inner, depth=depth)
        ]
        for called, patient in patients.items():
            case = case_of(patient.files, names=patient.names, fallback=called)
            yield noted(case, [*found.unread, *of_folders])
            found.unread, of_folders = [], []
    else:
        stray += [*found.unread, *nameless(found.files)]
        for inner in found.folders if depth else []:
            yield from _walk(inner, name=inner.name, depth=depth - 1, stray=stray)


def _only_strays(found: Contents, depth: int) -> bool:
    """Whether files that reveal nothing lie beside folders with cases, and are of none of them."""
    if any(kinds_of(judged_by(found.files, found.names))):
        return False
    return any(has_scan(inner, depth=depth) for inner in found.folders)


def _slices_by_kind(folders: list[Path]) -> list[Series]:
    """The series of folders that are called like a modality, or a truth, and hold its slices.

    Beside a truth alone a folder may be called ``images``: its slices are named, or nothing is.
    """
    found = [find_series(visible(inner)) for inner in folders if kind_of_folder(inner.name)]
    named = [replace(series[0], kind=series[0].hint) for series in found if len(series) == 1]
    if {series.kind for series in named} != {TRUTH}:
        return named
    images = [find_series(visible(inner)) for inner in folders if holds_images(inner.name)]
    return [*(series for found in images for series in found), *named]


def _named_apart(cases: list[CaseFiles]) -> Iterator[CaseFiles]:
    """Number the cases that share a name, so that no export overwrites another."""
    taken: set[str] = set()
    for case in cases:
        names = (f"{case.name}_{number}" for number in range(2, len(cases) + 2))
        name = case.name if case.name not in taken else next(n for n in names if n not in taken)
        taken.add(name)
        yield replace(case, name=name)
