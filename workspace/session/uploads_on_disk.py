"""What visitors have uploaded, on this server's disk and not in its memory.

Streamlit holds every upload in memory until a visit ends: four images of 512 × 512 × 512 voxels are
600 MB of it. Here each is laid in the server's own temporary folder as it arrives, and goes with
the last who holds it.
"""

import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streamlit.runtime import Runtime
from streamlit.runtime.uploaded_file_manager import UploadedFileManager, UploadedFileRec

from workspace.jobs.visitors import this_visitor
from workspace.session.uploads import Upload


class KeptFile:
    """A file of no name that is there for as long as anybody holds this.

    Args:
        path: Where it lies; it is deleted with this. None where the disk did not take it.
        content: What is in it, where it lies nowhere.
    """

    def __init__(self, path: Path | None, content: bytes = b"") -> None:
        self._path, self._content = path, content
        if path is not None:
            weakref.finalize(self, _delete, path)

    @classmethod
    def of(cls, content: bytes) -> "KeptFile":
        """One that holds this; in memory where the disk is full, which its reader will say."""
        try:
            path = _new_path()
            kept = cls(path)
            path.write_bytes(content)
        except OSError:
            return cls(None, content)
        return kept

    @classmethod
    def like(cls, path: Path) -> "KeptFile":
        """One that holds what another file does, which may go.

        Raises:
            OSError: where the disk does not take it.
        """
        new = _new_path()
        kept = cls(new)
        new.unlink()
        _link(path, new)
        return kept

    @property
    def size(self) -> int:
        """Its bytes."""
        return self._path.stat().st_size if self._path else len(self._content)

    def head(self, count: int) -> bytes:
        """The bytes it begins with, at most so many."""
        if self._path is None:
            return self._content[:count]
        with self._path.open("rb") as stream:
            return stream.read(count)

    def read(self) -> bytes:
        """All of it."""
        return self._path.read_bytes() if self._path else self._content

    def lay(self, path: Path) -> None:
        """Have it stand under a name, for whoever reads it there and writes nothing into it.

        Raises:
            OSError: where the disk does not take it.
        """
        if self._path is None:
            path.write_bytes(self._content)
        else:
            _link(self._path, path)


@dataclass(frozen=True)
class KeptUpload:
    """A file as a visitor dropped it.

    Args:
        name: Its name.
        file: What is in it.
    """

    name: str
    file: KeptFile


class _OnDisk(bytes):
    """What Streamlit holds in the place of a file's bytes: none, and the file."""

    file: KeptFile


_by_id: Final[weakref.WeakValueDictionary[str, KeptFile]] = weakref.WeakValueDictionary()
_managers: Final[weakref.WeakSet[UploadedFileManager]] = weakref.WeakSet()
_beginning: Final = threading.Lock()


def keep_uploads_on_disk() -> None:
    """Have what is uploaded from now on laid on disk as it arrives; once for all visitors."""
    if not Runtime.exists():
        return
    manager = Runtime.instance().uploaded_file_mgr
    with _beginning:
        if manager in _managers:
            return
        _managers.add(manager)
        take = manager.add_file

        def add_file(session_id: str, file: UploadedFileRec) -> None:
            take(session_id, _on_disk(file))

        manager.add_file = add_file


def kept(upload: Upload) -> KeptUpload:
    """A dropped file, on disk."""
    there = _by_id.get(getattr(upload, "file_id", ""))
    return KeptUpload(upload.name, there or KeptFile.of(upload.getvalue()))


def let_go(uploads: Iterable[Upload]) -> None:
    """Have Streamlit forget files that were taken in: it would hold them until the visit ends."""
    visitor = this_visitor()
    if not Runtime.exists() or visitor is None:
        return
    for upload in uploads:
        number = getattr(upload, "file_id", None)
        if number is not None:
            Runtime.instance().uploaded_file_mgr.remove_file(visitor, number)


def _on_disk(file: UploadedFileRec) -> UploadedFileRec:
    """The same without its bytes."""
    empty = _OnDisk()
    empty.file = _by_id[file.file_id] = KeptFile.of(file.data)
    return file._replace(data=empty)


def _new_path() -> Path:
    number, name = tempfile.mkstemp(prefix="gliolens-")
    os.close(number)
    return Path(name)


def _link(path: Path, to: Path) -> None:
    """Two names of one file, where the disk knows such; else a copy."""
    try:
        os.link(path, to)
    except OSError:
        shutil.copyfile(path, to)


def _delete(path: Path) -> None:
    path.unlink(missing_ok=True)
