"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError, errors_of
from inference.io.archives.archive import is_archive, names_in, stem_of_archive, unpacked
from inference.io.cases.case_of_slices import case_of_slices
from inference.io.cases.files_of_case import (
    CaseFiles,
    Channels,
    RefusedFiles,
    noted,
    refused_by_case,
)
from inference.io.cases.folder_contents import (
    Contents,
    contents_of,
    judged_by,
    patients_of,
    visible,
)
from inference.io.cases.layouts import cases_by_layout
from inference.io.cases.one_case import case_of, case_of_loose
from inference.io.names.companions import is_companion_name
from inference.io.names.file_names import TRUTH, is_scan_name
from inference.io.names.names_of_case import kinds_of
from inference.io.names.unread import Unread, format_by_name, has_scan, nameless
from inference.io.names.wording import nothing_in, shown, shown_name
from inference.io.slices.numbered_slices import Series, find_series, holds_images, kind_of_folder

__all__ = ["CaseFiles", "open_cases"]

# A zip of a data set of groups of cases; a whole disk is not searched.
_MAX_DEPTH = 4
_DEPTH_OF_DATA_SETS = 8
_A_FOLDER = "a folder beside the files of a case"
_GIVE = "give a folder, files, one 4D file, the pictures of one or more slices, a zip or a tar"


@contextlib.contextmanager
def open_cases(
    paths: Sequence[Path],
    *,
    channels: tuple[str | None, ...] | None = None,
    refused: list[RefusedFiles] | None = None,
) -> Iterator[list[CaseFiles]]:
    """Find the cases in what a user gave; what was unpacked is removed at the end.

    Args:
        paths: Folders and zips of one or more cases; all loose files together are one case.
        channels: The modalities in the order of the volumes of a file that holds several.
        refused: Gets the paths and folders whose files make up no case, where one bad case shall
            not keep the others from being read.

    Raises:
        InputError: where a path does not exist, or its files do not make up cases, and nobody
            takes note of it.
    """
    with contextlib.ExitStack() as stack:
        cases = _find([Path(path) for path in paths], stack, channels, refused)
        yield [replace(case, channels=channels or case.channels) for case in _named_apart(cases)]


def _find(
    paths: list[Path],
    stack: contextlib.ExitStack,
    channels: Channels,
    refused: list[RefusedFiles] | None,
) -> list[CaseFiles]:
    cases: list[CaseFiles] = []
    loose = []
    for path in paths:
        name = stem_of_archive(path.resolve())
        # Loose files are named themselves.
        place = shown(path.resolve()) if len(paths) > 1 and path.is_dir() else ""
        with refused_by_case(refused, path, name=name), errors_of(place):
            if not path.exists():
                raise _absent(path)
            if path.is_dir():
                cases += cases_in(path, given_as=path.resolve(), channels=channels, refused=refused)
            elif is_archive(path):
                cases += _cases_packed(path, stack, channels, refused)
            else:
                loose.append(path)
    if loose:
        with refused_by_case(refused, loose[0], name=loose[0].resolve().parent.name):
            cases += _loose_cases(loose, channels)
    if not cases and not refused:
        raise InputError(f"No file was given; {_GIVE}.")
    return cases


def _cases_packed(
    path: Path,
    stack: contextlib.ExitStack,
    channels: Channels,
    refused: list[RefusedFiles] | None,
) -> list[CaseFiles]:
    inside = stack.enter_context(unpacked(path))
    packed = left_packed_in(path)
    return cases_in(inside, given_as=path, left_packed=packed, channels=channels, refused=refused)


def _loose_cases(loose: list[Path], channels: Channels) -> list[CaseFiles]:
    cases, others = cases_by_layout({each.as_posix(): each for each in loose}, channels=channels)
    return cases if cases and not others else [case_of_loose(loose, channels=channels)]


def _absent(path: Path) -> InputError:
    if path.is_symlink():
        return InputError(f"{shown(path)} is a link that leads nowhere; give the file itself.")
    return InputError(f"{shown(path)} does not exist; {_GIVE}.")


def left_packed_in(path: Path) -> list[Unread]:
    """What of a zip is not unpacked, since it is no file of a kind that is read."""
    inside = names_in(path)
    companions = {each for each in inside if is_companion_name(each.name)}
    return [
        Unread(shown_name(each.name), why)
        for each in inside
        if each not in companions and (why := format_by_name(each.name))
    ]


def cases_in(
    folder: Path,
    *,
    given_as: Path,
    left_packed: Sequence[Unread] = (),
    channels: Channels = None,
    refused: list[RefusedFiles] | None = None,
) -> list[CaseFiles]:
    """The case in a folder, or else the cases in the folders in it, in the order of names.

    Args:
        folder: Where they are.
        given_as: The folder or the zip that the user gave.
        left_packed: What of the zip was not unpacked.
        channels: As of :func:`open_cases`.
        refused: As of :func:`open_cases`.

    Raises:
        InputError: where the files do not make up cases.
    """
    already = len(refused or ())
    name = given_as.name if given_as.is_dir() else stem_of_archive(given_as)
    stray = list(left_packed)
    try:
        cases, others = cases_by_layout(_files_below(folder), channels=channels, refused=refused)
        stray += nameless(others)
        if not cases:
            walk = _walk(folder, channels, refused, name=name, depth=_MAX_DEPTH, stray=stray)
            cases = list(walk)
        if not cases and len(refused or ()) > already:
            return []
        if not cases:
            raise nothing_in(given_as, (entry.name for entry in folder.iterdir()))
    except OSError as error:
        raise InputError(f"{shown(given_as)} cannot be opened: {error.strerror}.") from error
    if len(cases) == 1:
        cases = [replace(cases[0], folder=shown(given_as))]
    return [noted(cases[0], stray), *cases[1:]]


def _files_below(folder: Path) -> dict[str, Path]:
    """The scans below a folder by their paths in it, as far down as data sets go."""
    found: dict[str, Path] = {}
    for here, folders, names in os.walk(folder):
        place = Path(here).relative_to(folder)
        visible_folders = sorted(each for each in folders if not each.startswith("."))
        folders[:] = visible_folders if len(place.parts) < _DEPTH_OF_DATA_SETS else []
        scans = (name for name in sorted(names) if is_scan_name(name) and not name.startswith("."))
        found |= {(place / name).as_posix(): Path(here) / name for name in scans}
    return found


def _walk(
    folder: Path,
    channels: Channels,
    refused: list[RefusedFiles] | None,
    *,
    name: str,
    depth: int,
    stray: list[Unread],
) -> Iterator[CaseFiles]:
    place = shown(folder) if depth < _MAX_DEPTH else ""
    found, cases = Contents(), []
    with refused_by_case(refused, folder, name=name), _opened(folder), errors_of(place):
        here = contents_of(folder)
        cases = _cases_of(here, channels, name=name, depth=depth)
        found = here  # of what is refused nothing further is looked at
    if cases:
        yield from (replace(case, folder=place) for case in cases)
        return
    stray += [*found.unread, *nameless(found.files)]
    for inner in found.folders if depth else []:
        yield from _walk(inner, channels, refused, name=inner.name, depth=depth - 1, stray=stray)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputError(f"{shown(folder)} cannot be opened: {error.strerror}.") from error


def _cases_of(found: Contents, channels: Channels, *, name: str, depth: int) -> list[CaseFiles]:
    """The cases of one folder; none where they are in the folders in it."""
    slices = _slices_by_kind(found.folders) if not found.files else []
    if slices:
        return [noted(case_of_slices(slices, fallback=name), found.unread)]
    if not found.files or _only_strays(found, depth):
        return []
    patients = patients_of(found) or {name: found}
    of_folders = [
        Unread(f"{shown(inner)}/", _A_FOLDER)
        for inner in found.folders
        if has_scan(inner, depth=depth)
    ]
    first, *others = (
        case_of(patient.files, names=patient.names, fallback=called, channels=channels)
        for called, patient in patients.items()
    )
    return [noted(first, [*found.unread, *of_folders]), *others]


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
    """Number the cases that share a name, so that no export overwrites another.

    Of a single case the folder need not be said.
    """
    taken: set[str] = set()
    for case in cases:
        names = (f"{case.name}_{number}" for number in range(2, len(cases) + 2))
        name = case.name if case.name not in taken else next(n for n in names if n not in taken)
        taken.add(name)
        yield replace(case, name=name, folder=case.folder if len(cases) > 1 else "")
