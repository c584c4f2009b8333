"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError, errors_of
from inference.io.case_of_slices import case_of_slices
from inference.io.files.archive import is_archive, names_in, stem_of_archive, unpacked
from inference.io.files.companions import is_companion_name
from inference.io.files.file_names import TRUTH, is_scan_name
from inference.io.files.names_of_case import kinds_of
from inference.io.files.numbered_slices import Series, find_series, holds_images, kind_of_folder
from inference.io.files.unread import Unread, format_by_name, has_scan, nameless
from inference.io.files.wording import nothing_in, shown, shown_name
from inference.io.files_of_case import CaseFiles, Channels, noted
from inference.io.folder_contents import Contents, contents_of, judged_by, patients_of, visible
from inference.io.layouts import cases_by_layout
from inference.io.one_case import case_of, case_of_loose

__all__ = ["CaseFiles", "open_cases"]

# A zip of a data set of groups of cases; a whole disk is not searched.
_MAX_DEPTH = 4
_DEPTH_OF_DATA_SETS = 8
_A_FOLDER = "a folder beside the files of a case"
_GIVE = "give a folder, files, one 4D file, the pictures of one or more slices, a zip or a tar"


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
        cases = _find([Path(path) for path in paths], stack, channels)
        yield [replace(case, channels=channels) for case in _named_apart(cases)]


def _find(paths: list[Path], stack: contextlib.ExitStack, channels: Channels) -> list[CaseFiles]:
    cases, loose = [], []
    for path in paths:
        if not path.exists():
            raise _absent(path)
        # Loose files are named themselves.
        with errors_of(shown(path.resolve()) if len(paths) > 1 and path.is_dir() else ""):
            if path.is_dir():
                cases += cases_in(path, given_as=path.resolve(), channels=channels)
            elif is_archive(path):
                inside = stack.enter_context(unpacked(path))
                packed = left_packed_in(path)
                cases += cases_in(inside, given_as=path, left_packed=packed, channels=channels)
            else:
                loose.append(path)
    if loose:
        of_data_set, others = cases_by_layout({p.as_posix(): p for p in loose}, channels=channels)
        whole = of_data_set and not others
        cases += of_data_set if whole else [case_of_loose(loose, channels=channels)]
    if not cases:
        raise InputError(f"No file was given; {_GIVE}.")
    return cases


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
) -> list[CaseFiles]:
    """The case in a folder, or else the cases in the folders in it, in the order of names.

    Args:
        folder: Where they are.
        given_as: The folder or the zip that the user gave.
        left_packed: What of the zip was not unpacked.
        channels: As of :func:`open_cases`.

    Raises:
        InputError: where the files do not make up cases.
    """
    name = given_as.name if given_as.is_dir() else stem_of_archive(given_as)
    stray = list(left_packed)
    try:
        cases, others = cases_by_layout(_files_below(folder), channels=channels)
        stray += nameless(others)
        if not cases:
            cases = list(_walk(folder, channels, name=name, depth=_MAX_DEPTH, stray=stray))
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
    folder: Path, channels: Channels, *, name: str, depth: int, stray: list[Unread]
) -> Iterator[CaseFiles]:
    place = shown(folder) if depth < _MAX_DEPTH else ""
    with errors_of(place):
        found = contents_of(folder)
        cases = _cases_of(found, channels, name=name, depth=depth)
    if cases:
        yield from (replace(case, folder=place) for case in cases)
        return
    stray += [*found.unread, *nameless(found.files)]
    for inner in found.folders if depth else []:
        yield from _walk(inner, channels, name=inner.name, depth=depth - 1, stray=stray)


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
