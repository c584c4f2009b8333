"""Every file under some folders, whatever its name."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError

MAX_FILES: Final = 20_000
_MAX_DEPTH: Final = 32


def all_files(paths: Sequence[Path]) -> list[Path]:
    """The files given and those in the folders given, each once, in order of their names.

    Raises:
        InputError: for more than ``MAX_FILES``.
    """
    files: dict[Path, None] = {}
    for path in paths:
        for file in files_under(path) if path.is_dir() else [path]:
            files[file] = None
            if len(files) > MAX_FILES:
                raise too_many_files()
    return list(files)


def too_many_files() -> InputError:
    """What is said of more than ``MAX_FILES``."""
    return InputError(f"There are more than {MAX_FILES} files; give the folder of one exam.")


def files_under(folder: Path) -> Iterator[Path]:
    """Plain files in order of their names; links are not followed, nor folders without end."""
    for here, folders, names in os.walk(folder):
        folders.sort()
        if len(Path(here).relative_to(folder).parts) >= _MAX_DEPTH:
            folders.clear()
        for name in sorted(names):
            path = Path(here) / name
            if path.is_file() and not path.is_symlink():
                yield path
