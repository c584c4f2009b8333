"""The heap of this process."""

import ctypes
import os
from collections.abc import Callable
from typing import Final

# Numbers of glibc's mallopt, and what is set: at most two heaps for all threads, and whatever is
# larger than 16 MB, as most arrays of a scan are, goes back to the system as soon as it is free.
# Below that size going to the system and back takes a third of a scan's time.
_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
_LARGE_BYTES: Final = 16 * 1024**2
_HEAPS: Final = 2


def keep_heap_small() -> None:
    """Have the C library keep less of what is free, where it can; before threads begin."""
    set_option = _of_c_library("mallopt")
    if set_option is not None:
        set_option(_ARENA_MAX, _HEAPS)
        set_option(_MMAP_THRESHOLD, _LARGE_BYTES)
        set_option(_TRIM_THRESHOLD, _LARGE_BYTES)


def trim_heap() -> None:
    """Give back to the system what is free, where the C library can.

    Arrays of a size that malloc keeps for later, and what threads have freed, stay with a process
    otherwise: after a scan was prepared some 150 MB.
    """
    trim = _of_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def _of_c_library(name: str) -> Callable[..., int] | None:
    """A function of the C library; None where it lacks it, as all but glibc lack these."""
    return getattr(ctypes.CDLL(None), name, None) if os.name == "posix" else None
