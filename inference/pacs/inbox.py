"""The images of studies that are not answered yet, on disk, within limits."""

import filecmp
import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_UID: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_UID_LENGTH: Final = 64
# What is left free for answers and the journal.
_SPARE_BYTES: Final = 500_000_000
# A study that has begun to come may fill the rest; a new one may not begin.
_SHARE_FOR_NEW: Final = 0.75


def is_uid(text: str) -> bool:
    """Whether a text is a UID (DICOM PS3.5, 9.1), and so may name a file."""
    return len(text) <= _UID_LENGTH and _UID.fullmatch(text) is not None


@dataclass(frozen=True)
class Limits:
    """How much a listener takes on.

    Args:
        inbox_bytes: Most bytes of images on disk.
        studies: Most studies that are not finished.
        object_bytes: Most bytes of one object.
    """

    inbox_bytes: int = 20_000_000_000
    studies: int = 100
    object_bytes: int = 4_000_000_000


class Inbox:
    """``FOLDER/STUDY/OBJECT.dcm``; what was there before is counted.

    Args:
        folder: Is made where it does not exist.
        max_bytes: Most bytes of images in it.
    """

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        folder.mkdir(parents=True, exist_ok=True)
        self._bytes = {place.name: sum(_sizes(place)) for place in folder.iterdir()}

    def folder(self, study: str) -> Path:
        """Where the images of a study lie."""
        return self._folder / study

    def studies(self) -> set[str]:
        """The studies of which there are images."""
        with self._lock:
            return set(self._bytes)

    def count(self, study: str) -> int:
        """How many images of a study there are."""
        return len(list(_sizes(self.folder(study))))

    def bytes(self, study: str | None = None) -> int:
        """How much room the images of a study, or of all, take."""
        with self._lock:
            return sum(self._bytes.values()) if study is None else self._bytes.get(study, 0)

    def has_room(self, size: int, *, new_study: bool) -> bool:
        """Whether an object of some bytes may be taken in."""
        limit = self._max_bytes * (_SHARE_FOR_NEW if new_study else 1)
        free = shutil.disk_usage(self._folder).free
        return self.bytes() + size <= limit and size + _SPARE_BYTES <= free

    def holds(self, file: Path, study: str, uid: str) -> bool:
        """Whether the same object is there already, byte for byte."""
        place = self._place(study, uid)
        return place.exists() and filecmp.cmp(file, place, shallow=False)

    def take(self, file: Path, study: str, uid: str) -> None:
        """Move a file in; it is on the disk when this returns.

        Args:
            file: On the same volume.
            study: StudyInstanceUID, which :func:`is_uid` has passed.
            uid: SOPInstanceUID, likewise.
        """
        place = self._place(study, uid)
        size = file.stat().st_size
        _to_disk(file)
        with self._lock:
            place.parent.mkdir(exist_ok=True)
            before = place.stat().st_size if place.exists() else 0
            file.replace(place)
            _to_disk(place.parent)
            self._bytes[study] = self._bytes.get(study, 0) + size - before

    def _place(self, study: str, uid: str) -> Path:
        return self.folder(study) / f"{uid}.dcm"

    def remove(self, study: str) -> None:
        """Delete the images of a study."""
        with self._lock:
            shutil.rmtree(self.folder(study), ignore_errors=True)
            self._bytes.pop(study, None)


def _sizes(folder: Path) -> Iterator[int]:
    if folder.is_dir():
        yield from (file.stat().st_size for file in folder.iterdir())


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
