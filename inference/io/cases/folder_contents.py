"""What belongs together in a folder: the files of one scan, and what is passed over.

Some copies of BraTS keep every file in a folder of its own, called like the file; others have a
folder for each modality. Such folders hold one patient, unless each holds the same several names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.names.file_names import (
    TRUTH,
    is_scan_name,
    is_volume_name,
    name_without_kind,
    recognise,
)
from inference.io.names.own_output import is_own_output
from inference.io.names.unread import Unread, broken, no_scan
from inference.io.names.wording import shown
from inference.io.slices.numbered_slices import find_series, kind_of_folder

_PREVIEW = "a picture beside a scan"
_OWN = "written by GlioLens"


@dataclass
class Contents:
    """What a folder holds.

    Args:
        files: The files of one scan.
        names: What a file is to be judged by, where that is not its name alone: a folder called
            like a modality says what is in it.
        folders: The other folders.
        unread: What is passed over.
    """

    files: list[Path] = field(default_factory=list)
    names: dict[Path, str] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)


def visible(folder: Path) -> list[Path]:
    """What lies in a folder, in the order of names, without what is hidden."""
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def contents_of(folder: Path) -> Contents:
    """Find the files of one scan in a folder and in those called like a modality or a truth.

    Raises:
        InputError: where a file and its folder are called like two modalities.
    """
    entries = visible(folder)
    found = Contents(folders=[entry for entry in entries if entry.is_dir()])
    usable = _usable([entry for entry in entries if not entry.is_dir()], found)
    found.files, passed_over = scan_files(usable)
    found.unread += [Unread(shown(file), _PREVIEW) for file in passed_over]
    for inner in list(found.folders):
        if recognise(inner.name):
            found.files += [each for each in visible(inner) if recognise(each.name)]
            found.folders.remove(inner)
        elif kind_of_folder(inner.name) and (files := _images_in(inner)):
            _take(inner, files, found)
    return found


def patients_of(contents: Contents) -> dict[str, Contents]:
    """The patients of folders called like modalities that hold the same several names.

    Returns:
        By name, one for each patient; empty where all files are of one.
    """
    groups: dict[str, Contents] = {}
    folders: dict[str, list[Path]] = {}
    for file in contents.files:
        if file not in contents.names:
            return {}
        name = name_without_kind(file.name)
        group = groups.setdefault(name, Contents())
        group.files.append(file)
        group.names[file] = contents.names[file]
        folders.setdefault(name, []).append(file.parent)
    once = all(len(set(each)) == len(each) for each in folders.values())
    several = len(groups) > 1 and max(map(len, folders.values())) > 1
    return groups if once and several and _share_a_folder(folders.values()) else {}


def scan_files(files: list[Path]) -> tuple[list[Path], list[Path]]:
    """The volumes among files, else the pictures of slices; and the pictures that are none."""
    volumes = [file for file in files if is_volume_name(file.name)]
    pictures = [file for file in files if is_scan_name(file.name) and file not in volumes]
    if volumes:
        return volumes, pictures
    chosen = _slices(pictures)
    return chosen, [file for file in pictures if file not in chosen]


def _slices(pictures: list[Path]) -> list[Path]:
    numbered = [file for series in find_series(pictures) for file in series.files]
    named = [file for file in pictures if recognise(file.name) and file not in numbered]
    if numbered and not any(recognise(file.name) in MODALITIES for file in named):
        return numbered
    nameless = [file for file in pictures if recognise(file.name) is None]
    if len(nameless) == 1 and not any(recognise(file.name) in MODALITIES for file in pictures):
        return pictures
    return [file for file in pictures if file not in nameless]


def _usable(files: Sequence[Path], found: Contents) -> list[Path]:
    """The scans among files that something can be read of; where there is none, all scans."""
    own = [file for file in files if is_scan_name(file.name) and is_own_output(file)]
    found.unread += [Unread(shown(file), _OWN) for file in own]
    files = [file for file in files if file not in own]
    scans = [file for file in files if is_scan_name(file.name)]
    reasons = {file: why for file in scans if (why := broken(file))}
    others = [(file, why) for file in files if (why := no_scan(file))]
    if len(reasons) == len(scans):
        reasons = {}
    found.unread += [Unread(shown(file), why) for file, why in [*reasons.items(), *others]]
    return [file for file in scans if file not in reasons]


def _images_in(folder: Path) -> list[Path]:
    """The images of one modality in a folder, or the only folder in it; none if they are slices."""
    entries = visible(folder)
    if len(entries) == 1 and entries[0].is_dir():
        return _images_in(entries[0])
    files, _ = scan_files([entry for entry in entries if entry.is_file()])
    return [] if find_series(files) else files


def _take(inner: Path, files: list[Path], found: Contents) -> None:
    """Add the files of a folder that says what they are."""
    kind = kind_of_folder(inner.name)
    found.folders.remove(inner)
    for file in files:
        own = recognise(file.name)
        if own is not None and own != kind and TRUTH not in (own, kind):
            raise InputError(
                f"{shown(inner)}/{shown(file)} is called {MODALITY_NAMES[own]} in a folder called "
                f"{MODALITY_NAMES.get(str(kind), str(kind))}; give each the name of what it is."
            )
        found.files.append(file)
        prefix = inner.name if kind != TRUTH else TRUTH
        found.names[file] = file.name if own else f"{prefix}_{file.name}"


def _share_a_folder(folders: Iterable[Sequence[Path]]) -> bool:
    every = [folder for each in folders for folder in each]
    return len(set(every)) < len(every)


def judged_by(files: Sequence[Path], names: Mapping[Path, str]) -> list[str]:
    """The names that files are judged by."""
    return [names.get(file, file.name) for file in files]
