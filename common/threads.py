"""Threads that begin, or say that they cannot."""

import threading
from functools import partial
from typing import Final

# A machine under load is late; one without memory never begins.
_PATIENCE_S: Final = 10


def begin(thread: threading.Thread) -> None:
    """Start a thread.

    Where the memory is used up a thread may end before it runs a line, and ``Thread.start`` of
    Python 3.11 waits for its first line for ever.

    Args:
        thread: One that was not started.

    Raises:
        MemoryError: where it does not begin.
        RuntimeError: where the system has no thread left.
    """
    begun: threading.Event = thread._started  # type: ignore[attr-defined]
    begun.wait = partial(begun.wait, _PATIENCE_S)  # type: ignore[method-assign]
    thread.start()
    if not begun.is_set():
        raise MemoryError("a thread could not begin")
