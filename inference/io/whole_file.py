"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path


def write_whole(file: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``file``, then rename it: never a partial file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=f"-{file.name}")
    os.close(descriptor)
    unfinished = Path(name)
    try:
        write(unfinished)
        unfinished.chmod(0o644)  # mkstemp's own mode would hide it from everyone else
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def keep_on_disk(paths: Sequence[Path]) -> None:
    """Wait until files are on the disk, with the folders that name them."""
    inside = [each for path in paths if path.is_dir() for each in path.iterdir()]
    files = [*(path for path in paths if path.is_file()), *inside]
    folders = {file.parent for file in files} if os.name == "posix" else set()
    for each in (*files, *folders):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
