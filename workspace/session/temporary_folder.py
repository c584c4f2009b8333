"""One folder for all temporary files of a server, so that the next one finds those of a killed one.

A server that ends by itself deletes its files; one that is killed, for its memory say, leaves a
visitor's scan on disk. Whether its server lives is shown by a lock on the folder, which the system
lets go of when a process ends, however it ends. The number of a process would not show it:
containers that share a folder may have the same numbers, and even the same name.
"""

import atexit
import errno
import os
import shutil
import socket
import tempfile
import threading
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # a system without such locks
    fcntl = None

_PREFIX: Final = f"gliolens-{socket.gethostname()}-"
_making: Final = threading.Lock()
_own: list[Path] = []


def own_temporary_folder() -> None:
    """Have this server's temporary files in a folder of its own; once for all visitors.

    Raises:
        OSError: where no folder can be made.
    """
    with _making:
        if fcntl is None:
            return
        if _own:
            _keep(_own[0])
            return
        place = _place()
        remove_abandoned(place)
        _own.append(_locked_folder(place))
        tempfile.tempdir = str(_own[0])
        atexit.register(shutil.rmtree, _own[0], ignore_errors=True)


def _place() -> Path:
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError as error:  # none that could be written to, with all their names
        raise PermissionError(errno.EACCES, "no folder for temporary files") from error


def remove_abandoned(place: Path) -> None:
    """Delete the folders of servers that are no more, and nothing else.

    Args:
        place: Where the folders are.
    """
    for folder in place.glob(f"{_PREFIX}*"):
        if folder.name.removeprefix(_PREFIX).partition("-")[0].isdecimal() and folder.is_dir():
            _remove_if_unlocked(folder)


def _keep(folder: Path) -> None:
    """Systems sweep what lies long in a temporary folder, and an empty folder looks old."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700)
        _lock(folder)


def _locked_folder(place: Path) -> Path:
    """A new one; another server that starts now may take it away before it is locked."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=place))
        if _lock(folder):
            return folder


def _lock(folder: Path) -> bool:
    """Hold a folder for as long as this process lives; whether it is still there then."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)  # never closed: that would let go of it
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    except FileNotFoundError:
        return False


def _remove_if_unlocked(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # gone meanwhile, or another user's
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:  # its server is at work
        pass
    finally:
        os.close(descriptor)
