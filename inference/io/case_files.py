"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.files.archive import check_zip, is_zip, path_in_zip, unpacked
from inference.io.files.checked_file import check_file
from inference.io.files.file_names import (
    CONTRAST_IN_DOUBT,
    TRUTH,
    case_name,
    is_understood,
    why_not,
)
from inference.io.files.names_of_case import kinds_of
from inference.io.files.numbered_slices import (
    Series,
    Source,
    find_series,
    holds_images,
    kind_of_folder,
)
from inference.io.files.owners import of_another, two_owners
from inference.io.files.unread import Unread, format_by_name, has_scan, nameless, note_on
from inference.io.files.wording import NAMED, nothing_in, shown, shown_name
from inference.io.folder_contents import Contents, contents_of, judged_by, patients_of, visible

# A zip of a data set of groups of cases; a whole disk is not searched.
_MAX_DEPTH = 4
# What scanners and viewers call every slice they export.
_NAMELESS_STEMS = {"i", "im", "img", "image", "slice", "slices", "scan", "z", "case", "frame"}
_A_FOLDER = "a folder beside the files of a case"
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
        unread: What lies beside these files and is not read.
    """

    name: str
    modalities: dict[str, Source] = field(default_factory=dict)
    truth: Source | None = None
    stacked: Source | None = None
    channels: tuple[str | None, ...] | None = None
    truth_convention: str | None = None
    unread: tuple[Unread, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence on what is not read, where there is such a file."""
        note = note_on(self.unread)
        return (note,) if note else ()


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
            cases += _cases_in(path, given_as=path.resolve())
        elif is_zip(path):
            inside = stack.enter_context(unpacked(path))
            cases += _cases_in(inside, given_as=path, left_packed=_left_packed(path))
        else:
            loose.append(path)
    if loose:
        cases.append(_case_of_loose(loose))
    if not cases:
        raise InputError(f"No file was given; {_GIVE}.")
    return cases


def _absent(path: Path) -> InputError:
    if path.is_symlink():
        return InputError(f"{shown(path)} is a link that leads nowhere; give the file itself.")
    return InputError(f"{shown(path)} does not exist; {_GIVE}.")


def _left_packed(path: Path) -> list[Unread]:
    """What of a zip is not unpacked, since it is no file of a kind that is read."""
    inside = map(path_in_zip, check_zip(path, any_name=True))
    return [
        Unread(shown_name(each.name), why) for each in inside if (why := format_by_name(each.name))
    ]


def _cases_in(
    folder: Path, *, given_as: Path, left_packed: Sequence[Unread] = ()
) -> list[CaseFiles]:
    """The case in a folder, or else the cases in the folders in it, in the order of names."""
    name = given_as.name if given_as.is_dir() else given_as.stem
    stray = list(left_packed)
    try:
        cases = list(_walk(folder, name=name, depth=_MAX_DEPTH, stray=stray))
        if not cases:
            raise nothing_in(given_as, (entry.name for entry in folder.iterdir()))
    except OSError as error:
        raise InputError(f"{shown(given_as)} cannot be opened: {error.strerror}.") from error
    return [_noted(cases[0], stray), *cases[1:]]


def _noted(case: CaseFiles, unread: Sequence[Unread]) -> CaseFiles:
    return replace(case, unread=(*case.unread, *unread))


def _walk(folder: Path, *, name: str, depth: int, stray: list[Unread]) -> Iterator[CaseFiles]:
    found = contents_of(folder)
    slices = _slices_by_kind(found.folders) if not found.files else []
    if slices:
        yield _noted(_case_of_slices(slices, fallback=name), found.unread)
    elif found.files and not _only_strays(found, depth):
        patients = patients_of(found) or {name: found}
        of_folders = [
            Unread(f"{shown(inner)}/", _A_FOLDER)
            for inner in found.folders
            if has_scan(inner, depth=depth)
        ]
        for called, patient in patients.items():
            case = _case_of(patient.files, names=patient.names, fallback=called)
            yield _noted(case, [*found.unread, *of_folders])
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


def _case_of_loose(files: list[Path]) -> CaseFiles:
    """One case of the files a user picked: none of them may go unread in silence."""
    series = find_series(files)
    if series:
        numbered = {file for found in series for file in found.files}
        _refuse_others([file for file in files if file not in numbered], series)
        return _case_of_slices(series, fallback=files[0].resolve().parent.name)
    names = _with_folders(files)
    kinds = kinds_of([path.name for path in files])
    unknown = [
        path
        for path, kind in zip(files, kinds, strict=True)
        if kind is None and why_not(path.name) in ("", CONTRAST_IN_DOUBT)
    ]
    volumes = [check_file(path).volumes for path in unknown]
    if 1 in volumes:
        raise _nameless(unknown[volumes.index(1)])
    if unknown and any(kind in MODALITIES for kind in kinds):
        raise _nameless(unknown[0])
    return _case_of(files, names={}, fallback=files[0].resolve().parent.name, owned=names)


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


def _case_of(
    files: list[Path],
    *,
    names: Mapping[Path, str],
    fallback: str,
    owned: Mapping[Path, str] | None = None,
) -> CaseFiles:
    """The case that files are by what each is called.

    Args:
        files: All of one folder, or those a user picked.
        names: What a file is judged by where that is not its name.
        fallback: What the case is called where its files have nothing in common.
        owned: By what it is told whose a file is, where that is not the same.
    """
    series = find_series(files)
    if series and {file for found in series for file in found.files} == set(files):
        return _case_of_slices(series, fallback=fallback)
    called = judged_by(files, names)
    kinds: dict[str, Path] = {}
    for path, kind in zip(files, kinds_of(called), strict=True):
        if kind in kinds:
            raise _twice(path, kinds[kind], kind)
        if kind:
            kinds[kind] = path
    truth = kinds.pop(TRUTH, None)
    if not kinds:
        return _case_of_stack(files, truth, fallback=fallback)
    of_whom = {path: (owned or names).get(path, path.name) for path in files}
    _check_one_owner([*kinds.values()], of_whom)
    unread = nameless(path for path in files if path not in kinds.values() and path != truth)
    if truth is not None and (others := _others_truth(truth, [*kinds.values()], of_whom)):
        unread, truth = [others, *unread], None
    # Files that only their folders tell apart are often all called alike: scan.nii.
    own = [path.name for path in kinds.values() if path not in names]
    name = case_name(own, fallback=fallback)
    in_order: dict[str, Source] = {
        modality: kinds[modality] for modality in MODALITIES if modality in kinds
    }
    return _noted(CaseFiles(name, modalities=in_order, truth=truth), unread)


def _case_of_stack(files: list[Path], truth: Path | None, *, fallback: str) -> CaseFiles:
    images = [path for path in files if path != truth]
    if truth is not None and not images:
        raise InputError(f"{shown(truth)} is a truth without a scan; give files {NAMED} too.")
    stacked = _stacked(images)
    unread = nameless(path for path in images if path != stacked)
    case = CaseFiles(case_name([stacked.name], fallback=fallback), truth=truth, stacked=stacked)
    return _noted(case, unread)


def _check_one_owner(images: Sequence[Path], of_whom: Mapping[Path, str]) -> None:
    by_name = {of_whom[path]: path for path in images}
    if two := two_owners([*by_name]):
        one, other = (shown(by_name[name]) for name in two)
        raise InputError(
            f"{one} and {other} are of two patients or exams by their names; give each a folder, "
            "or the files of one patient one name."
        )


def _others_truth(
    truth: Path, images: Sequence[Path], of_whom: Mapping[Path, str]
) -> Unread | None:
    by_name = {of_whom[path]: path for path in images}
    image = of_another(of_whom[truth], [*by_name])
    if image is None:
        return None
    return Unread(shown(truth), f"by its name of another patient than {shown(by_name[image])}")


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
    why = why_not(path.name)
    wrong = f"cannot be used ({why})" if why else "does not state which modality it is"
    return InputError(f"{shown(path)} {wrong}; give NIfTI files {NAMED}.")


def _twice(path: Path, other: Path, kind: str) -> InputError:
    return InputError(
        f"{shown(path)} and {shown(other)} are both called {MODALITY_NAMES.get(kind, kind)}; "
        "give one file for each modality, and each patient a folder."
    )
