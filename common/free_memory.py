"""Overwriting what this process has freed: an allocator leaves it as it was until it is reused."""

import ctypes
import os
import threading
from collections.abc import Callable
from typing import Final

from common.memory import trim_heap

# From large pieces of what is free to the smallest that a search for traces could use.
_SIZES: Final = (1 << 20, 1 << 16, 1 << 12, 1 << 10)
# To say how large the heap is malloc looks at every free piece, which takes milliseconds where
# there are many: it is asked after so many bytes, and by as much the heap may grow meanwhile.
_ASKED_AFTER: Final = 8 << 20
# Threads share the heaps of malloc by turns: so many new ones have come to each of two.
_TURNS: Final = 4
_one_at_a_time: Final = threading.Lock()


class _MallInfo(ctypes.Structure):
    """``struct mallinfo2`` of glibc."""

    _fields_ = tuple(
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    )


def overwrite_free_memory() -> bool:
    """Give back to the system what is free on the heap, and fill with zeros what cannot be.

    Whole pages are given back at once. What is left, parts of pages between things in use, is
    taken, filled and freed again, in some tenths of a second. Three things are not reached: small
    objects of Python (up to 512 bytes), pieces of less than 1 KB, and what is in use by now without
    having been written to, as the end of a list is.

    Returns:
        Whether the C library could: glibc 2.33 or later can.
    """
    library = ctypes.CDLL(None) if os.name == "posix" else None
    information = getattr(library, "mallinfo2", None)
    if library is None or information is None:
        return False
    information.restype = _MallInfo
    library.malloc.restype = ctypes.c_void_p
    library.malloc.argtypes = (ctypes.c_size_t,)
    library.free.argtypes = library.malloc_usable_size.argtypes = (ctypes.c_void_p,)
    trim_heap()
    together = threading.Barrier(_TURNS)
    turns = [
        threading.Thread(target=_fill, args=(library, information, together), name="overwrite")
        for _ in range(_TURNS)
    ]
    for turn in turns:
        turn.start()
    for turn in turns:
        turn.join()
    trim_heap()
    return True


def _fill(
    library: ctypes.CDLL, information: Callable[[], _MallInfo], together: threading.Barrier
) -> None:
    last = _taken(library, _SIZES[-1], 0)  # from here on this thread has its heap
    together.wait()  # one that has ended gives its heap to the next
    with _one_at_a_time:
        for size in _SIZES:
            last = _take(library, information, size, last)
        while last:
            last, piece = ctypes.c_size_t.from_address(last).value, last
            library.free(piece)


def _take(library: ctypes.CDLL, information: Callable[[], _MallInfo], size: int, last: int) -> int:
    """Take pieces of a size until the heap would have to grow; gives the last piece."""
    start = information()
    for number in range(start.fordblks // size + 1):
        last = _taken(library, size, last)
        if number % (_ASKED_AFTER // size) == 0 and information().arena > start.arena:
            break
    return last


def _taken(library: ctypes.CDLL, size: int, last: int) -> int:
    """A piece full of zeros that begins with where the last one is: a list would need room too."""
    piece = library.malloc(size)
    if not piece:
        return last
    ctypes.memset(piece, 0, library.malloc_usable_size(piece))
    ctypes.c_size_t.from_address(piece).value = last
    return piece
