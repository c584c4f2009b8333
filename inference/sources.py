"""From what a user gives (folders, files, a zip) to the files of each case."""

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from inference.errors import InputError
from inference.guard import check_nifti, check_zip, is_zip, shown
from inference.names import TRUTH, case_name, is_nifti_name, recognise
from inference.vocabulary import MODALITIES, MODALITY_NAMES

# Deep enough for a zip of a data set's folder of groups of cases; a disk is not a data set.
_MAX_DEPTH = 4
_EXAMPLE = "a NIfTI file named like *_flair.nii.gz, *_t1.nii.gz, *_t1ce.nii.gz or *_t2.nii.gz"


@dataclass(frozen=True)
class CaseFiles:
    """The files of one case, before anything in them has been read.

    Args:
        name: What the case is called on screen and in files.
        modalities: The file of each modality that is given.
        truth: The expert's label map, if there is one.
        stacked: One 4D file that holds all modalities, in place of ``modalities``.
        channels: The modalities in the order of the volumes of ``stacked``.
    """

    name: str
    modalities: dict[str, Path] = field(default_factory=dict)
    truth: Path | None = None
    stacked: Path | None = None
    channels: tuple[str, ...] = MODALITIES


@contextlib.contextmanager
def open_cases(
    paths: Sequence[Path], *, channels: tuple[str, ...] = MODALITIES
) -> Iterator[list[CaseFiles]]:
    """Find the cases in what a user gave; what was unpacked is removed at the end.

    Args:
        paths: Folders (of one case or of case folders) and zips of these, each with one or more
            cases; all loose files together are one case.
        channels: The modalities in the order of the volumes of a 4D file.

    Raises:
        InputError: where a path does not exist or no case can be told from the names.
    """
    paths = [Path(path) for path in paths]
    with contextlib.ExitStack() as stack:
        found = []
        loose = []
        for path in paths:
            if not path.exists():
                raise InputError(
                    f"{shown(path)} does not exist; give a folder, files, one 4D NIfTI or a zip."
                )
            if path.is_dir():
                found += _cases_in(path, shown(path))
            elif is_zip(path):
                folder = stack.enter_context(_unpacked(path))
                found += _cases_in(folder, shown(path))
            else:
                loose.append(path)
        if loose:
            found.append(_case_of(loose, fallback=loose[0].resolve().parent.name))
        if not found:
            raise InputError("No file was given; give a folder, files, one 4D NIfTI or a zip.")
        yield [replace(case, channels=channels) for case in _named_apart(found)]


def _cases_in(folder: Path, where: str) -> list[CaseFiles]:
    """The case in a folder, or else the cases in its folders, in the order of their names."""
    cases = list(_walk(folder, folder_name=Path(where).stem, depth=_MAX_DEPTH))
    if cases:
        return cases
    names = [entry.name for entry in sorted(folder.rglob("*")) if entry.is_file()]
    listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    what = f"{len(names)} files ({listed}), none of them" if names else "no files, so not"
    raise InputError(f"{where} holds {what} {_EXAMPLE}.")


def _walk(folder: Path, *, folder_name: str, depth: int) -> Iterator[CaseFiles]:
    files, folders = _listed(folder)
    if files:
        yield _case_of(files, fallback=folder_name)
    elif depth:
        for inner in folders:
            yield from _walk(inner, folder_name=inner.name, depth=depth - 1)


def _listed(folder: Path) -> tuple[list[Path], list[Path]]:
    """The NIfTI files that belong to a folder, and its other folders, both sorted.

    Some copies of BraTS keep every file in a folder of its own, named like the file.
    """
    entries = sorted(entry for entry in folder.iterdir() if not _is_litter(entry.name))
    files = [entry for entry in entries if entry.is_file() and is_nifti_name(entry.name)]
    folders = []
    for inner in (entry for entry in entries if entry.is_dir()):
        if recognise(inner.name):
            files += [entry for entry in sorted(inner.iterdir()) if recognise(entry.name)]
        else:
            folders.append(inner)
    return files, folders


def _is_litter(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _case_of(files: list[Path], *, fallback: str) -> CaseFiles:
    kinds: dict[str, Path] = {}
    unknown = []
    for path in files:
        kind = recognise(path.name)
        if kind is None:
            unknown.append(path)
        elif kind in kinds:
            what = MODALITY_NAMES.get(kind, kind)
            raise InputError(
                f"{shown(path)} and {shown(kinds[kind])} are both named like a {what} file; "
                "give one file for each modality, and one folder for each patient."
            )
        else:
            kinds[kind] = path
    truth = kinds.pop(TRUTH, None)
    named = [path.name for path in files if path not in unknown] or [files[0].name]
    name = case_name(named, fallback=fallback)
    if kinds:
        in_order = {modality: kinds[modality] for modality in MODALITIES if modality in kinds}
        return CaseFiles(name, modalities=in_order, truth=truth)
    return CaseFiles(name, truth=truth, stacked=_stacked(unknown, truth))


def _stacked(unknown: list[Path], truth: Path | None) -> Path:
    """The one 4D file among files whose names say nothing."""
    if not unknown:
        raise InputError(f"{shown(truth)} is a truth without a scan; give {_EXAMPLE} with it.")
    four_d = [path for path in unknown if check_nifti(path).volumes > 1]
    if len(four_d) == 1:
        return four_d[0]
    if four_d:
        raise InputError(
            f"{shown(four_d[0])} and {shown(four_d[1])} are both 4D; give one 4D file for a case."
        )
    raise InputError(f"{shown(unknown[0])} does not say which modality it is; name it {_EXAMPLE}.")


def _named_apart(cases: list[CaseFiles]) -> list[CaseFiles]:
    """Number the cases that share a name, so that no export overwrites another."""
    seen: dict[str, int] = {}
    for case in cases:
        seen[case.name] = seen.get(case.name, 0) + 1
        number = seen[case.name]
        yield case if number == 1 else replace(case, name=f"{case.name}_{number}")


@contextlib.contextmanager
def _unpacked(path: Path) -> Iterator[Path]:
    """A temporary folder with the NIfTI files of a zip."""
    members = check_zip(path)
    with tempfile.TemporaryDirectory(prefix="gliolens-") as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                for member in members:
                    _unpack(archive, member, Path(folder))
        except (zipfile.BadZipFile, OSError) as error:
            raise InputError(f"{shown(path)} is damaged; zip the files again.") from error
        yield Path(folder)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path) -> None:
    target = folder / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as sink:
        shutil.copyfileobj(source, sink, 1 << 20)
