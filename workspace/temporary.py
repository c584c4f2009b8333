"""One folder for all temporary files of a server, so that the next one finds those of a killed one.

A server that ends by itself deletes its files; one that is killed, for its memory say, leaves a
visitor's scan on disk.
"""

import atexit
import os
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Final

# Containers may share a folder and not their processes.
_PREFIX: Final = f"gliolens-{socket.gethostname()}-"
_lock: Final = threading.Lock()
_own: list[Path] = []


def own_temporary_folder() -> None:
    """Have this server's temporary files in a folder of its own; once for all visitors."""
    with _lock:
        if _own:
            # Systems sweep what lies long in a temporary folder, and an empty folder looks old.
            _own[0].mkdir(mode=0o700, exist_ok=True)
        if _own or os.name != "posix":  # elsewhere asking for a process can end it
            return
        place = Path(tempfile.gettempdir())
        remove_abandoned(place)
        _own.append(Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place)))
        tempfile.tempdir = str(_own[0])
        atexit.register(shutil.rmtree, _own[0], ignore_errors=True)


def remove_abandoned(place: Path) -> None:
    """Delete the folders of servers that are no more, and nothing else.

    Args:
        place: Where the folders are.
    """
    for folder in place.glob(f"{_PREFIX}*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        if number.isdecimal() and folder.is_dir() and not _is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return False  # this server has none yet: it is of one that had the same number
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
