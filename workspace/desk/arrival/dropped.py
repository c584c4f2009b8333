"""Files as a visitor dropped them, and under their names for as long as they are being read."""

import uuid
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath, PureWindowsPath

from common.disk_errors import name_that_fits
from inference.io.slices.numbered_slices import Series, Source
from workspace.kept_file import KeptFile


@dataclass(frozen=True)
class Dropped:
    """A file as it was dropped, or as it was found in a dropped zip.

    Args:
        name: Its name.
        file: What is in it.
        beside: The files that hold the numbers of a header.
    """

    name: str
    file: KeptFile
    beside: tuple["Dropped", ...] = ()


@dataclass(frozen=True)
class DroppedSlices:
    """The pictures of the slices of one image, as they were dropped.

    Args:
        series: Their names and numbers; no files of such names lie on disk any more.
        files: What is in each.
    """

    series: Series
    files: tuple[KeptFile, ...]

    @property
    def name(self) -> str:
        """What names them all."""
        return self.series.path.name


@dataclass(frozen=True, eq=False)
class Failed:
    """A dropped file that could not be read, kept until it can be or its visitor leaves it out.

    Args:
        file: As it was dropped.
        sentence: Why.
        mark: What tells it from every other, of the same name too, and from itself tried again.
    """

    file: Dropped | DroppedSlices
    sentence: str
    mark: str = field(default_factory=lambda: uuid.uuid4().hex)


def write_file(file: Dropped | DroppedSlices, folder: Path) -> Source:
    """Each file in a folder of its own: two may have the same name, and none may choose a path."""
    folder.mkdir()
    if isinstance(file, DroppedSlices):
        return _write_slices(file, folder)
    for each in (*file.beside, file):
        each.file.lay(folder / bare_name(each.name))
    return folder / bare_name(file.name)


def _write_slices(slices: DroppedSlices, folder: Path) -> Series:
    paths = tuple(folder / bare_name(file.name) for file in slices.series.files)
    for path, file in zip(paths, slices.files, strict=True):
        file.lay(path)
    return replace(slices.series, files=paths)


def bare_name(name: str) -> str:
    """A name without folders, short enough for a disk."""
    return name_that_fits(PureWindowsPath(PurePosixPath(name).name).name or "file")
