"""Pieces of work shared out among threads, each of which keeps to a kind while there are others."""

import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from queue import SimpleQueue
from typing import Final

from common.threads import begin


def share_out(
    kinds: Sequence[Hashable],
    work: Callable[[int], None],
    *,
    workers: int,
    on_done: Callable[[int], None],
) -> None:
    """Do all pieces; return when they are done.

    Args:
        kinds: The kind of each piece. What is prepared for the first of a kind serves the others:
            two threads that begin a kind at the same time would wait for each other.
        work: Does the piece of a number; called by several threads at once.
        workers: How many; a single one is the caller's own, and does them in their order.
        on_done: Called in the caller's thread with how many pieces are done, after each.

    Raises:
        Exception: what ``work`` or ``on_done`` raises first; pieces that are not begun are left.
        MemoryError: where a thread cannot begin.
    """
    if workers == 1:
        for piece in range(len(kinds)):
            work(piece)
            on_done(piece + 1)
        return
    line = _Line(kinds)
    ended: SimpleQueue[BaseException | None] = SimpleQueue()
    threads: list[threading.Thread] = []
    try:
        for _ in range(workers):
            thread = threading.Thread(target=_work_off, args=(line, work, ended), name="slices")
            begin(thread)
            threads.append(thread)
        for done in range(1, len(kinds) + 1):
            if (error := ended.get()) is not None:
                raise error
            on_done(done)
    finally:
        line.close()
        for thread in threads:
            thread.join()


def _work_off(
    line: "_Line", work: Callable[[int], None], ended: "SimpleQueue[BaseException | None]"
) -> None:
    try:
        for piece in line.pieces():
            work(piece)
            ended.put(None)
    except BaseException as error:  # whoever waits for the piece raises it
        ended.put(error)


_NOTHING: Final = object()


class _Line:
    """The pieces that are left, by their kind."""

    def __init__(self, kinds: Sequence[Hashable]) -> None:
        self._left: dict[Hashable, list[int]] = {}
        for piece in reversed(range(len(kinds))):
            self._left.setdefault(kinds[piece], []).append(piece)
        self._at_work: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    def pieces(self) -> Iterator[int]:
        """Those that one worker shall do."""
        kind: Hashable = _NOTHING
        while True:
            with self._lock:
                self._at_work[kind] -= 1
                if not self._left:
                    return
                if kind not in self._left:
                    kind = max(self._left, key=self._is_better)
                self._at_work[kind] += 1
                piece = self._left[kind].pop()
                if not self._left[kind]:
                    del self._left[kind]
            yield piece

    def close(self) -> None:
        """Give nothing more out."""
        with self._lock:
            self._left.clear()

    def _is_better(self, kind: Hashable) -> tuple[bool, int]:
        return self._at_work[kind] <= 0, len(self._left[kind])
