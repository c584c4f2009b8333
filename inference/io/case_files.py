"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.files.archive import is_zip, unpacked
from inference.io.files.checked_file import check_file
from inference.io.files.file_names import TRUTH, case_name, is_nifti_name, is_scan_name, recognise
from inference.io.files.numbered_slices import (
    Series,
    Source,
    find_series,
    holds_images,
    kind_of_folder,
)
from inference.io.files.wording import NAMED, nothing_in, shown

# A zip of a data set of groups of cases; a whole disk is not searched.
_MAX_DEPTH = 4
# What scanners and viewers call every slice they export.
_NAMELESS_STEMS = {"i", "im", "img", "image", "slice", "slices", "scan", "z", "case", "frame"}
_GIVE = "give a folder, files, one 4D NIfTI, the pictures of one or more slices or a zip"


@dataclass(frozen=True)
class CaseFiles:
    """The files of one case, before anything in them has been read.

    Args:
        name: What the case is called on screen and in files.
        modalities: The file of each modality that is given, or the pictures of its slices.
        truth: The expert's label map, if there is one.
        stacked: One file that holds several modalities: 4D NIfTI, a picture in colour, ``.npy``. Or
            slices as pictures whose names reveal nothing; in grey they are one modality.
        channels: The modalities in the order of the volumes of ``stacked``, None for a volume that
            is not used; None where nobody has named them.
        truth_convention: One of ``inference.io.label_conventions.CONVENTIONS``; None to detect it.
    """

    name: str
    modalities: dict[str, Source] = field(default_factory=dict)
    truth: Source | None = None
    stacked: Source | None = None
    channels: tuple[str | None, ...] | None = None
    truth_convention: str | None = None


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
            raise InputError(f"{shown(path)} does not exist; {_GIVE}.")
        if path.is_dir():
            cases += _cases_in(path, given_as=path.resolve())
        elif is_zip(path):
            cases += _cases_in(stack.enter_context(unpacked(path)), given_as=path)
        else:
            loose.append(path)
    if loose:
        cases.append(_case_of_loose(loose))
    if not cases:
        raise InputError(f"No file was given; {_GIVE}.")
    return cases


def _cases_in(folder: Path, *, given_as: Path) -> list[CaseFiles]:
    """The case in a folder, or else the cases in the folders in it, in the order of names."""
    name = given_as.name if given_as.is_dir() else given_as.stem
    try:
        cases = list(_walk(folder, name=name, depth=_MAX_DEPTH))
        if not cases:
            raise nothing_in(given_as, (entry.name for entry in folder.iterdir()))
    except OSError as error:
        raise InputError(f"{shown(given_as)} cannot be opened: {error.strerror}.") from error
    return cases


def _walk(folder: Path, *, name: str, depth: int) -> Iterator[CaseFiles]:
    files, folders = _contents(folder)
    slices = _slices_by_kind(folders) if not files else []
    if slices:
        yield _case_of_slices(slices, fallback=name)
    elif files:
        yield _case_of(files, fallback=name)
    elif depth:
        for inner in folders:
            yield from _walk(inner, name=inner.name, depth=depth - 1)


def _contents(folder: Path) -> tuple[list[Path], list[Path]]:
    """The files of a scan that belong to a folder, and the other folders in it, both sorted.

    Some copies of BraTS keep every file in a folder of its own, called like the file.
    """
    entries = _visible(folder)
    files = _scan_files([entry for entry in entries if entry.is_file()])
    folders = [entry for entry in entries if entry.is_dir()]
    wrappers = [inner for inner in folders if recognise(inner.name)]
    for inner in wrappers:
        files += [entry for entry in _visible(inner) if recognise(entry.name)]
    return files, [inner for inner in folders if inner not in wrappers]


def _scan_files(files: list[Path]) -> list[Path]:
    """The volumes among files, else the pictures of slices: a preview beside a scan is none."""
    volumes = [file for file in files if is_nifti_name(file.name)]
    if volumes:
        return volumes
    pictures = [file for file in files if is_scan_name(file.name)]
    numbered = [file for series in find_series(pictures) for file in series.files]
    named = [file for file in pictures if recognise(file.name) and file not in numbered]
    if numbered and not any(recognise(file.name) in MODALITIES for file in named):
        return numbered
    nameless = [file for file in pictures if recognise(file.name) is None]
    if len(nameless) == 1 and not any(recognise(file.name) in MODALITIES for file in pictures):
        return pictures
    return [file for file in pictures if file not in nameless]


def _visible(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _slices_by_kind(folders: list[Path]) -> list[Series]:
    """The series of folders that are called like a modality, or a truth, and hold its slices.

    Beside a truth alone a folder may be called ``images``: its slices are named, or nothing is.
    """
    found = [find_series(_visible(inner)) for inner in folders if kind_of_folder(inner.name)]
    named = [replace(series[0], kind=series[0].hint) for series in found if len(series) == 1]
    if {series.kind for series in named} != {TRUTH}:
        return named
    images = [find_series(_visible(inner)) for inner in folders if holds_images(inner.name)]
    return [*(series for found in images for series in found), *named]


def _case_of_loose(files: list[Path]) -> CaseFiles:
    """One case of the files a user picked: none of them may go unread in silence."""
    series = find_series(files)
    if series:
        numbered = {file for found in series for file in found.files}
        _refuse_others([file for file in files if file not in numbered], series)
        return _case_of_slices(series, fallback=files[0].resolve().parent.name)
    strangers = [path for path in files if recognise(path.name) is None]
    volumes = [check_file(path).volumes for path in strangers]
    if 1 in volumes:
        raise _nameless(strangers[volumes.index(1)])
    if strangers and any(recognise(path.name) in MODALITIES for path in files):
        raise _nameless(strangers[0])
    return _case_of(files, fallback=files[0].resolve().parent.name)


def _refuse_others(others: list[Path], series: list[Series]) -> None:
    if others:
        raise InputError(
            f"{shown(others[0])} is none of the slices {shown(series[0].path)}; give the slices of "
            "one scan alone."
        )


def _case_of_slices(found: list[Series], *, fallback: str) -> CaseFiles:
    """The case that series make up: one image, or one of each modality, and a truth for all."""
    truth = [series for series in found if series.kind == TRUTH]
    images = [series for series in found if series.kind != TRUTH]
    if not images:
        raise InputError(f"{shown(truth[0].path)} are truths without a scan; give its slices too.")
    if len(truth) > 1:
        raise _twice(truth[0].path, truth[1].path, TRUTH)
    name = name_of_slices(images, fallback=fallback)
    masks = truth[0] if truth else None
    if len(images) == 1 and images[0].kind is None:
        image = replace(images[0], hint=images[0].hint or kind_of_folder(fallback))
        return CaseFiles(name, truth=masks, stacked=image)
    return CaseFiles(name, modalities=_by_modality(images), truth=masks)


def _by_modality(images: list[Series]) -> dict[str, Source]:
    modalities: dict[str, Series] = {}
    for series in images:
        if series.kind is None:
            other = next(other for other in images if other is not series)
            raise InputError(
                f"{shown(series.path)} and {shown(other.path)} are two stacks of slices, and their "
                "names do not state which modalities they are; give each patient a folder."
            )
        if series.kind in modalities:
            raise _twice(series.path, modalities[series.kind].path, series.kind)
        modalities[series.kind] = series
    return {modality: modalities[modality] for modality in MODALITIES if modality in modalities}


def name_of_slices(images: Sequence[Series], *, fallback: str) -> str:
    """What to call a case: what comes before the number, but no word like ``slice`` or ``IM``."""
    name = case_name([f"{series.stem}.png" for series in images], fallback=fallback)
    return case_name([], fallback=fallback) if name.lower() in _NAMELESS_STEMS else name


def _case_of(files: list[Path], *, fallback: str) -> CaseFiles:
    series = find_series(files)
    if series and {file for found in series for file in found.files} == set(files):
        return _case_of_slices(series, fallback=fallback)
    kinds: dict[str, Path] = {}
    for path in files:
        kind = recognise(path.name)
        if kind in kinds:
            raise _twice(path, kinds[kind], kind)
        if kind:
            kinds[kind] = path
    truth = kinds.pop(TRUTH, None)
    if kinds:
        name = case_name([path.name for path in kinds.values()], fallback=fallback)
        in_order: dict[str, Source] = {
            modality: kinds[modality] for modality in MODALITIES if modality in kinds
        }
        return CaseFiles(name, modalities=in_order, truth=truth)
    images = [path for path in files if path != truth]
    if truth is not None and not images:
        raise InputError(f"{shown(truth)} is a truth without a scan; give files {NAMED} too.")
    stacked = _stacked(images)
    return CaseFiles(case_name([stacked.name], fallback=fallback), truth=truth, stacked=stacked)


def _stacked(files: list[Path]) -> Path:
    """The one file with several images among files whose names reveal nothing."""
    stacks = [path for path in files if check_file(path).volumes > 1]
    if not stacks:
        raise _nameless(files[0])
    if len(stacks) > 1:
        raise InputError(
            f"{shown(stacks[0])} and {shown(stacks[1])} both hold several images; give one such "
            "file a case."
        )
    return stacks[0]


def _named_apart(cases: list[CaseFiles]) -> Iterator[CaseFiles]:
    """Number the cases that share a name, so that no export overwrites another."""
    taken: set[str] = set()
    for case in cases:
        names = (f"{case.name}_{number}" for number in range(2, len(cases) + 2))
        name = case.name if case.name not in taken else next(n for n in names if n not in taken)
        taken.add(name)
        yield replace(case, name=name)


def _nameless(path: Path) -> InputError:
    return InputError(
        f"{shown(path)} does not state which modality it is; give NIfTI files {NAMED}."
    )


def _twice(path: Path, other: Path, kind: str) -> InputError:
    return InputError(
        f"{shown(path)} and {shown(other)} are both called {MODALITY_NAMES.get(kind, kind)}; "
        "give one file for each modality, and each patient a folder."
    )
