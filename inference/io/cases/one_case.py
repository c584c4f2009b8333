"""The case that files make up: those of one folder, or those a user picked."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.io.cases.case_of_slices import case_of_slices, twice
from inference.io.cases.files_of_case import CaseFiles, Channels, noted
from inference.io.cases.folder_contents import judged_by
from inference.io.names.file_names import (
    CONTRAST_IN_DOUBT,
    TRUTH,
    case_name,
    is_understood,
    recognise,
    why_not,
)
from inference.io.names.names_of_case import kinds_of
from inference.io.names.owners import TwoOwnersError, of_another, two_owners
from inference.io.names.same_image import is_same_image
from inference.io.names.unread import Unread, nameless, others_truth
from inference.io.names.wording import named_like, shown
from inference.io.slices.numbered_slices import Series, Source, find_series, kind_of_folder
from inference.io.volumes.checked_file import check_file


def case_of_loose(files: list[Path], *, channels: Channels = None) -> CaseFiles:
    """One case of the files a user picked: none of them may go unread in silence."""
    series = find_series(files)
    if series:
        numbered = {file for found in series for file in found.files}
        _refuse_others([file for file in files if file not in numbered], series)
        return case_of_slices(series, fallback=files[0].resolve().parent.name)
    names = _with_folders(files)
    kinds = kinds_of([path.name for path in files])
    unknown = [
        path
        for path, kind in zip(files, kinds, strict=True)
        if kind is None and why_not(path.name) in ("", CONTRAST_IN_DOUBT)
    ]
    volumes = [check_file(path).volumes for path in unknown]
    if 1 in volumes and not (channels and len(unknown) == 1):
        raise _nameless(unknown[volumes.index(1)])
    if unknown and any(kind in MODALITIES for kind in kinds):
        raise _nameless(unknown[0])
    fallback = files[0].resolve().parent.name
    return case_of(files, names={}, fallback=fallback, owned=names, channels=channels)


def case_of(
    files: list[Path],
    *,
    names: Mapping[Path, str],
    fallback: str,
    owned: Mapping[Path, str] | None = None,
    channels: Channels = None,
) -> CaseFiles:
    """The case that files are by what each is called.

    Args:
        files: All of one folder, or those a user picked.
        names: What a file is judged by where that is not its name.
        fallback: What the case is called where its files have nothing in common.
        owned: By what it is told whose a file is, where that is not the same.
        channels: The modalities in one file, where the user has named them.
    """
    series = find_series(files)
    if series and {file for found in series for file in found.files} == set(files):
        return case_of_slices(series, fallback=fallback)
    called = judged_by(files, names)
    every: dict[str, list[Path]] = {}
    for path, kind in zip(files, kinds_of(called), strict=True):
        if kind:
            every.setdefault(kind, []).append(path)
    # Of copies the plainest name: T1.nii before T1 (1).nii.
    every = {kind: sorted(paths, key=lambda path: len(path.name)) for kind, paths in every.items()}
    kinds = {kind: paths[0] for kind, paths in every.items()}
    copies = [copy for kind, paths in every.items() for copy in _copies(kind, paths)]
    files = [path for path in files if shown(path) not in {copy.name for copy in copies}]
    truth = kinds.pop(TRUTH, None)
    if not kinds or (channels and len(kinds) == 1):
        return noted(_case_of_stack(files, truth, fallback=fallback, channels=channels), copies)
    of_whom = {path: (owned or names).get(path, path.name) for path in files}
    _check_one_owner([*kinds.values()], of_whom)
    unread = nameless(path for path in files if path not in kinds.values() and path != truth)
    unread += copies
    if truth is not None and (others := _others_truth(truth, [*kinds.values()], of_whom)):
        unread, truth = [others, *unread], None
    # Files that only their folders tell apart are often all called alike: scan.nii.
    own = [path.name for path in kinds.values() if path not in names]
    name = case_name(own, fallback=fallback)
    in_order: dict[str, Source] = {
        modality: kinds[modality] for modality in MODALITIES if modality in kinds
    }
    return noted(CaseFiles(name, modalities=in_order, truth=truth), unread)


def _copies(kind: str, paths: Sequence[Path]) -> list[Unread]:
    """The files of one kind beside the first, where all are the same image.

    Raises:
        InputError: where they are not.
    """
    first, *others = paths
    for path in others:
        if two_owners([path.name, first.name]) or not is_same_image(path, first):
            raise twice(path, first, kind, *(each for each in others if each is not path))
    return [Unread(shown(path), f"the same image as {shown(first)}") for path in others]


def _with_folders(files: list[Path]) -> dict[Path, str]:
    """Whose loose files are: of several folders, the folders' names say it too."""
    folders = {path: _folder_of_patient(path) for path in files}
    if len(set(folders.values())) == 1:
        return {}
    return {path: f"{folders[path]}_{path.name}" for path in files}


def _folder_of_patient(path: Path) -> str:
    """The nearest folder that is not called like a modality, a plane or a kind of data."""
    parents = path.resolve().parents
    return next((each.name for each in parents if not _says_what(each.name)), "")


def _says_what(folder: str) -> bool:
    return kind_of_folder(folder) is not None or is_understood(folder)


def _refuse_others(others: list[Path], series: list[Series]) -> None:
    if others:
        raise InputError(
            f"{shown(others[0])} is none of the slices {shown(series[0].path)}; give the slices of "
            "one scan alone."
        )


def _case_of_stack(
    files: list[Path], truth: Path | None, *, fallback: str, channels: Channels
) -> CaseFiles:
    images = [path for path in files if path != truth]
    if truth is not None and not images:
        raise InputError(f"{shown(truth)} is a truth without a scan; {named_like(truth)} too.")
    stacked = _stacked(images, channels)
    unread = nameless(path for path in images if path != stacked)
    case = CaseFiles(case_name([stacked.name], fallback=fallback), truth=truth, stacked=stacked)
    return noted(case, unread)


def _check_one_owner(images: Sequence[Path], of_whom: Mapping[Path, str]) -> None:
    by_name = {of_whom[path]: path for path in images}
    if two := two_owners([*by_name]):
        raise TwoOwnersError(*(by_name[name].name for name in two))


def _others_truth(
    truth: Path, images: Sequence[Path], of_whom: Mapping[Path, str]
) -> Unread | None:
    by_name = {of_whom[path]: path for path in images}
    image = of_another(of_whom[truth], [*by_name])
    if image is None:
        return None
    return others_truth(truth, by_name[image])


def _stacked(files: list[Path], channels: Channels) -> Path:
    """The one file with several images among files whose names reveal nothing.

    What the user has named the modality of may hold one image.
    """
    least = 1 if channels else 2
    named = [path for path in files if recognise(path.name)] if channels else []
    stacks = [path for path in named or files if check_file(path).volumes >= least]
    if not stacks:
        raise _nameless(files[0])
    if len(stacks) > 1:
        raise InputError(
            f"{shown(stacks[0])} and {shown(stacks[1])} both hold several images; give one such "
            "file a case."
        )
    return stacks[0]


def _nameless(path: Path) -> InputError:
    why = why_not(path.name)
    wrong = f"cannot be used ({why})" if why else "does not state which modality it is"
    return InputError(f"{shown(path)} {wrong}; {named_like(path)}, or name it (--channels flair).")
