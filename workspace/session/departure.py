"""What a visitor brought goes soon after they have left, whether or not anyone else comes.

Streamlit keeps the session of a closed tab, so that a connection that broke can be taken up again,
and lets go of it only when the next visitor leaves: on a quiet server a scan would stay for days.
"""

import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Final

from workspace.jobs.queue.server_queue import queue
from workspace.jobs.result_cache import evict_expired
from workspace.jobs.visitors import is_here, this_visitor, what_to_drop
from workspace.models.loaded_models import free_garbage
from workspace.session.goodbye import listen_for_goodbye, said_goodbye
from workspace.streamlit_patches.downloads import drop_old_downloads

# A connection that broke for less is taken up again with the case still open. The About page says
# two minutes: after these, Streamlit finds a session no more, neither to resume nor to end it.
AWAY_SECONDS: Final = 90
# A page that was closed may have been loaded anew, which takes some seconds; else nobody is back.
CLOSED_SECONDS: Final = 30
EVERY_SECONDS: Final = 5
# After something was deleted: what the script still held at one look is free at a later one.
_LOOKS_TO_FREE: Final = 16

_log: Final = logging.getLogger(__name__)


@dataclass
class _Visitor:
    drop: Callable[[], None]
    last_seen: float


class SessionCleaner:
    """Has dropped what those who have left had brought, from a thread of its own.

    Args:
        away_seconds: How long someone must have been away.
        closed_seconds: The same of one whose page was closed.
        every_seconds: From one look to the next.
        is_here: Whether a visitor is connected.
        said_goodbye: Whether the page of one who is not was closed.
        free_garbage: Called some time after something was dropped.
    """

    def __init__(
        self,
        *,
        away_seconds: float = AWAY_SECONDS,
        closed_seconds: float = CLOSED_SECONDS,
        every_seconds: float = EVERY_SECONDS,
        is_here: Callable[[Hashable], bool] = is_here,
        said_goodbye: Callable[[Hashable], bool] = said_goodbye,
        free_garbage: Callable[[], None] = free_garbage,
    ) -> None:
        self._away_seconds = away_seconds
        self._closed_seconds = closed_seconds
        self._every_seconds = every_seconds
        self._is_here = is_here
        self._said_goodbye = said_goodbye
        self._free_garbage = free_garbage
        self._visitors: dict[Hashable, _Visitor] = {}
        self._looks_to_free = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def welcome(self, who: Hashable, drop: Callable[[], None]) -> None:
        """Look after a visitor from now on.

        Args:
            who: The visitor.
            drop: Drops what they have brought.
        """
        with self._lock:
            self._visitors[who] = _Visitor(drop, time.monotonic())
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="leaving", daemon=True)
                self._thread.start()

    def free_soon(self) -> None:
        """Have what was let go of freed at the next looks: a script that runs may hold it yet."""
        with self._lock:
            self._looks_to_free = _LOOKS_TO_FREE

    def look(self) -> None:
        """Drop what is due; free what was dropped before, which no script holds by now."""
        if self._looks_to_free:
            self._looks_to_free -= 1
            self._free_garbage()
        for who in self._known():
            drop = self._taken_leave_of(who)
            if drop is not None:
                self._looks_to_free = max(self._looks_to_free, 1)
                _without_fail(drop)

    def number_here(self) -> int:
        """How many are connected."""
        return sum(map(self._is_here, self._known()))

    def _known(self) -> list[Hashable]:
        with self._lock:
            return list(self._visitors)

    def _taken_leave_of(self, who: Hashable) -> Callable[[], None] | None:
        """What drops what a visitor left behind; None while they are here, or may come back.

        Asked of each right before it is dropped: while others are being dropped, one may come back.
        """
        with self._lock:
            visitor, now = self._visitors[who], time.monotonic()
            if self._is_here(who):
                visitor.last_seen = now
            closed = self._said_goodbye(who)
            enough = self._closed_seconds if closed else self._away_seconds
            if now - visitor.last_seen < enough:
                return None
            del self._visitors[who]
            return visitor.drop

    def _watch(self) -> None:
        while True:
            time.sleep(self._every_seconds)
            for task in (queue.evict_expired, evict_expired, drop_old_downloads, self.look):
                _without_fail(task)


def _without_fail(task: Callable[[], None]) -> None:
    """Without its thread nobody's scan would be dropped any more, nor that of the next visitor."""
    try:
        task()
    except Exception:
        _log.exception("What was left behind could not be dropped.")


_doorkeeper: Final = SessionCleaner()


def visitors_here() -> int:
    """How many visitors have the app open."""
    return _doorkeeper.number_here()


def look_after_visitor() -> None:
    """Have what the visitor of this script run brings dropped once they have left."""
    who, drop = this_visitor(), what_to_drop()
    listen_for_goodbye()
    if drop is not None:
        _doorkeeper.welcome(who, partial(_drop_all, who, drop))


def free_soon() -> None:
    """Have the memory of what was let go of freed within seconds."""
    _doorkeeper.free_soon()


def _drop_all(who: Hashable, drop: Callable[[], None]) -> None:
    # First: from here on nobody comes back to the session, and until here one could.
    drop()
    # What waits in the queue, or runs, holds the scan.
    queue.cancel(queue.asked_by(who), who=who)
