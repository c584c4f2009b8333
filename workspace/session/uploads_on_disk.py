"""What visitors have uploaded, on this server's disk and not in its memory.

Streamlit reads every upload into memory and holds it there until a visit ends: four images of
512 × 512 × 512 voxels are 600 MB of it. Here each is laid in the server's own temporary folder as
it arrives, and goes with the last who holds it.
"""

import threading
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from streamlit.runtime import Runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from workspace.jobs.visitors import this_visitor
from workspace.kept_file import KeptFile
from workspace.session.uploads import Upload


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

    @classmethod
    def of(cls, file: KeptFile) -> "_OnDisk":
        """The one for a file."""
        empty = cls()
        empty.file = file
        return empty


_NAMELESS: Final = "a file without a name"
_by_id: Final[weakref.WeakValueDictionary[str, KeptFile]] = weakref.WeakValueDictionary()
_managers: Final[weakref.WeakSet[MemoryUploadedFileManager]] = weakref.WeakSet()
_beginning: Final = threading.Lock()


def keep_uploads_on_disk() -> None:
    """Have what is uploaded from now on laid on disk as it arrives; once for all visitors."""
    if not Runtime.exists():
        return
    manager = Runtime.instance().uploaded_file_mgr
    with _beginning:
        if manager in _managers or not isinstance(manager, MemoryUploadedFileManager):
            return
        _managers.add(manager)
        take = manager.add_file

        def add_file(session_id: str, file: UploadedFileRec) -> None:
            take(session_id, _on_disk(file))

        manager.add_file = add_file  # type: ignore[method-assign]
        if UploadFile.read is _whole:
            UploadFile.read = _laid_on_disk  # type: ignore[method-assign]


_whole: Final = UploadFile.read


async def _laid_on_disk(upload: UploadFile, size: int = -1) -> bytes:
    """In the place of reading an upload that Starlette has on disk already into memory."""
    if size >= 0 or upload._in_memory:
        return await _whole(upload, size)
    try:
        return _OnDisk.of(await run_in_threadpool(KeptFile.copied, upload.file))
    except OSError:
        await upload.seek(0)
        return await _whole(upload)


def kept(upload: Upload) -> KeptUpload:
    """A dropped file, on disk; one that a program sent may have a name that no disk has."""
    there = _by_id.get(getattr(upload, "file_id", ""))
    name = upload.name.replace("\0", "") or _NAMELESS
    return KeptUpload(name, there or KeptFile.of(upload.getvalue()))


def let_go(uploads: Iterable[Upload]) -> None:
    """Have Streamlit forget files that were taken in: it would hold them until the visit ends."""
    visitor = this_visitor()
    manager = Runtime.instance().uploaded_file_mgr if Runtime.exists() else None
    if visitor is None or not isinstance(manager, MemoryUploadedFileManager):
        return
    for upload in uploads:
        number = getattr(upload, "file_id", None)
        if number is not None:
            manager.remove_file(visitor, number)


def _on_disk(file: UploadedFileRec) -> UploadedFileRec:
    """The same without its bytes."""
    laid = file.data if isinstance(file.data, _OnDisk) else _OnDisk.of(KeptFile.of(file.data))
    _by_id[file.file_id] = laid.file
    return file._replace(data=laid)
