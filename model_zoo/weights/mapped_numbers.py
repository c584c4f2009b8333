"""The numbers of a graph in a file of their own, which the system may take from memory."""

import mmap
import tempfile
from contextlib import suppress
from typing import Final

import numpy as np

_HAS_ADVICE: Final = hasattr(mmap.mmap, "madvise") and hasattr(mmap, "MADV_DONTNEED")


class MappedNumbers:
    """What was checked, in a file without a name: nobody else can write in it or cut it off.

    OpenVINO lays numbers out anew in memory of its own as soon as it is shown slices of a size, and
    looks at those it was given for the next size alone. Whatever holds :attr:`array` without owning
    it, as a graph and what is compiled of it do, must be gone before this is.

    Args:
        content: The numbers, as in the file they were read from. They stay in memory where the
            disk does not take them.
    """

    array: np.ndarray
    """(bytes,) uint8; may be written in, which changes no file."""

    def __init__(self, content: bytes) -> None:
        self._map: mmap.mmap | None = None
        try:
            with tempfile.TemporaryFile() as file:
                file.write(content)
                file.flush()
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
            self.array = np.frombuffer(self._map, np.uint8)
        except OSError:
            self.array = np.frombuffer(bytearray(content), np.uint8)

    def leave_memory(self) -> None:
        """Give the memory back that they take; they come back by themselves when looked at."""
        if self._map is not None and _HAS_ADVICE:
            with suppress(OSError):  # pages that somebody locked stay
                self._map.madvise(mmap.MADV_DONTNEED)
