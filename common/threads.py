"""Threads that begin, or say that they cannot."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import partial
from queue import SimpleQueue
from typing import Any, Final, TypeVar

Found = TypeVar("Found")

# A machine under load is late; one without memory never begins.
_PATIENCE_S: Final = 10


def keep_blas_to_one_thread() -> None:
    """Have NumPy and SciPy, where they are not imported yet, multiply matrices in one thread.

    OpenBLAS makes room for the others as it is imported, whether they are needed or not: where
    there is none it interrupts the process, as Ctrl-C does. What is as long as an image is added up
    without it, the same on any number of threads.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


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


class ThreadPool(Executor):
    """``concurrent.futures.ThreadPoolExecutor``, without waiting for a thread that never begins.

    Args:
        most: Threads at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._threads: list[threading.Thread] = []
        self._waiting: SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = SimpleQueue()

    def submit(self, work: Callable[..., Found], /, *args: Any, **named: Any) -> "Future[Found]":
        """Have a thread do something.

        Raises:
            MemoryError: where there is no thread and none can begin.
            RuntimeError: where there is none and the system has none left.
        """
        self._add_thread()
        future: Future[Found] = Future()
        self._waiting.put((future, partial(work, *args, **named)))
        return future

    def _add_thread(self) -> None:
        if len(self._threads) == self._most:
            return
        thread = threading.Thread(target=_work_off, args=(self._waiting,), name="pool")
        try:
            begin(thread)
        except (MemoryError, RuntimeError):
            if not self._threads:
                raise
            self._most = len(self._threads)  # fewer will do
        else:
            self._threads.append(thread)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; what was submitted is done, or cancelled where it has not begun."""
        while cancel_futures and not self._waiting.empty():
            if (left := self._waiting.get()) is not None:
                left[0].cancel()
        for _ in self._threads:
            self._waiting.put(None)
        if wait:
            for thread in self._threads:
                thread.join()


def _work_off(waiting: "SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]") -> None:
    while (asked := waiting.get()) is not None:
        _do(*asked)
        del asked  # it holds what the work was given


def _do(future: "Future[Found]", work: Callable[[], Found]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        found = work()
    except BaseException as error:  # whoever asks for the result raises it
        future.set_exception(error)
    else:
        future.set_result(found)
    finally:
        del future, work  # else an error, its frame and its future hold each other
