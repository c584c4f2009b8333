"""Files that appear whole or not at all."""

import os
import tempfile
from collections.abc import Callable
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
