"""When a study has come whole: its associations are closed, and nothing has come for a while.

An association that stays open, as some senders leave it for the next study, is waited for longer.
"""

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final

# Who sends tries again after a connection broke, and mostly not at once.
_PATIENCE: Final = 10


@dataclass
class _Coming:
    last: float
    broken: bool = False
    open: set[Hashable] = field(default_factory=set)


class Arrivals:
    """The studies that are coming, and the associations over which they come.

    Args:
        quiet_seconds: How long nothing has to come; ten times as long after a connection broke, and
            where one stays open.
        clock: Seconds that only grow.
    """

    def __init__(self, quiet_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._quiet = quiet_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._coming: dict[str, _Coming] = {}

    def came(self, study: str, association: Hashable) -> None:
        """An image of a study has come."""
        with self._lock:
            coming = self._coming.setdefault(study, _Coming(0))
            coming.last = self._clock()
            coming.broken = False
            coming.open.add(association)

    def resume(self, study: str) -> None:
        """A study was on its way when the listener ended, and its connection broke."""
        with self._lock:
            self._coming[study] = _Coming(self._clock(), broken=True)

    def closed(self, association: Hashable, *, broken: bool) -> None:
        """An association has ended: released, or broken off."""
        with self._lock:
            for coming in self._coming.values():
                if association in coming.open:
                    coming.open.discard(association)
                    coming.last = self._clock()
                    coming.broken = broken

    def forget(self, study: str) -> None:
        """A study is not waited for any more."""
        with self._lock:
            self._coming.pop(study, None)

    def whole(self) -> list[str]:
        """The studies that have come whole."""
        with self._lock:
            now = self._clock()
            return [s for s, each in self._coming.items() if self._is_whole(each, now)]

    def _is_whole(self, coming: _Coming, now: float) -> bool:
        patience = _PATIENCE if coming.broken or coming.open else 1
        return now - coming.last >= self._quiet * patience
