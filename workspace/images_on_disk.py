"""Voxels on disk: a case's images as they came, and what waits for somebody to open it."""

import os
import threading
import weakref
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from inference.io.scan_images import ScanImage
from workspace.kept_file import KeptFile


class ImageOnDisk(ScanImage):
    """An image whose voxels are read anew whenever they are asked for; nobody may write in them.

    Args:
        image: As it was read.
    """

    _file: KeptFile
    _dtype: np.dtype
    _shape: tuple[int, ...]

    def __init__(self, image: ScanImage) -> None:
        numbers = np.ascontiguousarray(image.voxels)
        own: dict[str, Any] = {"name": image.name, "modality": image.modality, "grid": image.grid}
        own |= {"notes": image.notes, "_shape": numbers.shape, "_dtype": numbers.dtype}
        own["_file"] = KeptFile.of(memoryview(numbers).cast("B"))
        for name, value in own.items():
            object.__setattr__(self, name, value)

    @property
    def voxels(self) -> np.ndarray:  # type: ignore[override]
        """As of :class:`inference.io.scan_images.ScanImage`."""
        return np.frombuffer(self._file.read(), self._dtype).reshape(self._shape)


class _MappedArray(np.memmap):
    """Numbers in a file, with what keeps it there."""

    kept: KeptFile


def array_on_disk(numbers: np.ndarray) -> np.ndarray:
    """The same numbers, which nobody may write in, in a file that goes with them.

    They take memory from when they are read, and the system may have it back at any time. The file
    has no name where the system allows that, so that not even a killed server leaves it. Where the
    disk is full they stay where they are.
    """
    kept = KeptFile.of(memoryview(np.ascontiguousarray(numbers)).cast("B"))
    if kept.path is None:
        return numbers
    mapped = _MappedArray(kept.path, numbers.dtype, "r", shape=numbers.shape)
    if os.name != "posix":
        mapped.kept = kept
    _nameless.add(mapped)
    return np.asarray(mapped)  # a view of it, of the ordinary kind


def bytes_on_disk(content: bytes) -> np.ndarray:
    """As :func:`array_on_disk`, of bytes: ``tobytes`` reads them anew."""
    return array_on_disk(np.frombuffer(content, np.uint8))


def is_on_disk(numbers: np.ndarray) -> bool:
    """Whether an array is one of :func:`array_on_disk`, or a part of one."""
    return isinstance(owner_of(numbers), np.memmap)


def owner_of(numbers: np.ndarray) -> np.ndarray:
    """The array that an array is a part of; itself where it is a whole one."""
    while isinstance(numbers.base, np.ndarray) and not isinstance(numbers, np.memmap):
        numbers = numbers.base
    return numbers


def nameless_bytes() -> int:
    """What all files of no name take together that arrays lie in."""
    return _nameless.total


class _Nameless:
    """Counts the bytes of what is still there."""

    def __init__(self) -> None:
        self.total = 0
        self._lock = threading.RLock()  # a collection of garbage may come while it is held

    def add(self, mapped: np.memmap) -> None:
        self._count(mapped.nbytes)
        weakref.finalize(mapped, self._count, -mapped.nbytes)

    def _count(self, number: int) -> None:
        with self._lock:
            self.total += number


_nameless: Final = _Nameless()


def on_disk(images: Mapping[str, ScanImage]) -> dict[str, ScanImage]:
    """The same images, each on disk.

    Args:
        images: By modality.
    """
    return {
        name: image if isinstance(image, ImageOnDisk) else ImageOnDisk(image)
        for name, image in images.items()
    }
