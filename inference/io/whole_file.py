"""Files that appear whole or not at all."""

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from common.disk_errors import OF_THE_DISK

# As mkstemp names them: eight letters, digits or underscores.
_UNFINISHED: Final = re.compile(r"\.[a-z0-9_]{8}-.+")


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``file``, then rename it: never a partial file.

    Raises:
        OSError: that names ``file``, where it cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=f"-{file.name}")
    os.close(descriptor)
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o644)  # mkstemp's own mode would hide it from everyone else
        unfinished.replace(file)
    except OSError as error:
        if error.errno not in OF_THE_DISK:
            raise
        raise OSError(error.errno, error.strerror, str(file)) from error
    finally:
        unfinished.unlink(missing_ok=True)


def remove_unfinished(folder: Path) -> None:
    """Remove what a process that was killed in :func:`write_whole` left in a folder."""
    for file in folder.iterdir() if folder.is_dir() else ():
        if file.is_file() and _UNFINISHED.fullmatch(file.name):
            file.unlink(missing_ok=True)


def keep_on_disk(paths: Sequence[Path]) -> None:
    """Wait until files are on the disk, with the folders that name them."""
    if os.name != "posix":  # elsewhere a file cannot be opened for this without being written to
        return
    inside = [each for path in paths if path.is_dir() for each in path.iterdir()]
    files = [*(path for path in paths if path.is_file()), *inside]
    for each in (*files, *{file.parent for file in files}):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
