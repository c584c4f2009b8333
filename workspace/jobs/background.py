"""Work of one visitor in a thread of its own; it stops when nobody holds it any more."""

import atexit
import threading
import time
import weakref
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from common.disk_errors import in_words

T = TypeVar("T")

# Longer than the longest part of the work that cannot be interrupted, on a slow machine.
_STOP_SECONDS: Final = 20
_running: "Final[weakref.WeakKeyDictionary[threading.Thread, Progress]]" = (
    weakref.WeakKeyDictionary()
)


class StoppedError(Exception):
    """The work is no longer wanted."""


class Progress:
    """What work in the background reports through, and hears through that it should stop."""

    def __init__(self) -> None:
        self.done, self.total = 0, 0
        self._begun: list[tuple[str, float]] = []
        self._unwanted = threading.Event()
        self._ended: float | None = None

    def step(self, name: str) -> None:
        """Begin a step.

        Raises:
            StoppedError: if the work is no longer wanted.
        """
        self.check()
        self._begun.append((name, time.monotonic()))

    def count(self, done: int, total: int) -> None:
        """Note how many of how many things are done."""
        self.done, self.total = done, total

    def check(self) -> None:
        """Raise ``StoppedError`` if the work is no longer wanted."""
        if self._unwanted.is_set():
            raise StoppedError

    def is_unwanted(self) -> bool:
        """Whether the work should stop."""
        return self._unwanted.is_set()

    def stop(self) -> None:
        """Have the work stop at its next report."""
        self._unwanted.set()

    def end(self) -> None:
        """Note that the last step has ended."""
        self._ended = time.monotonic()

    @property
    def steps(self) -> list[tuple[str, float, bool]]:
        """Name, seconds so far and whether it has ended, of every step that has begun."""
        begun = list(self._begun)
        ends = [*(start for _, start in begun[1:]), self._ended][: len(begun)]
        now = time.monotonic()
        return [
            (name, (end or now) - start, end is not None)
            for (name, start), end in zip(begun, ends, strict=True)
        ]


class _Outcome(Generic[T]):
    def __init__(self) -> None:
        self.result: T | None = None
        self.error: BaseException | None = None
        self.settled = threading.Event()


class BackgroundTask(Generic[T]):
    """Work that has begun.

    Its visitor holds it; once it is dropped, with the visitor's session too, the work stops.

    Args:
        work: Is called in a thread of its own, with what it reports through.
        name: Of the thread.
    """

    def __init__(self, work: Callable[[Progress], T], *, name: str) -> None:
        self.progress = Progress()
        self._outcome: _Outcome[T] = _Outcome()
        # The thread must not hold this object: it would outlast a visitor who has left.
        arguments = (work, self.progress, self._outcome)
        thread = threading.Thread(target=_run, args=arguments, name=name, daemon=True)
        _running[thread] = self.progress
        weakref.finalize(self, self.progress.stop)
        thread.start()

    @property
    def settled(self) -> bool:
        """Whether nothing is left to wait for."""
        return self._outcome.settled.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; whether it has come."""
        return self._outcome.settled.wait(seconds)

    @property
    def result(self) -> T | None:
        """What the work returned; None while there is nothing."""
        return self._outcome.result

    @property
    def error(self) -> BaseException | None:
        """What ended the work, where it has failed or was stopped."""
        return self._outcome.error

    @property
    def stopped(self) -> bool:
        """Whether it was stopped rather than having failed."""
        return isinstance(self.error, StoppedError | InterruptedError)


def _run(work: Callable[[Progress], T], progress: Progress, outcome: _Outcome[T]) -> None:
    try:
        outcome.result = work(progress)
    except BaseException as error:  # whatever it was, the page must learn of it
        # Its frames, and those of what led to it, hold a whole scan.
        error.__cause__ = error.__context__ = None
        outcome.error = in_words(error).with_traceback(None)
    finally:
        progress.end()
        outcome.settled.set()


def _stop_all() -> None:
    """A thread that dies inside a network's arithmetic would abort the server's orderly end."""
    threads = list(_running.items())
    for _, progress in threads:
        progress.stop()
    for thread, _ in threads:
        thread.join(timeout=_STOP_SECONDS)


atexit.register(_stop_all)
