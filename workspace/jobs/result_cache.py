"""What was made of a case, kept for a while for whoever opens the same case again.

``st.cache_data`` would drop what is too old only when it is given more.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final

# As stated on the About page.
KEPT_SECONDS: Final = 3600
_all: "Final[list[ResultCache]]" = []


class ResultCache:
    """The last things that were used, each until an hour after its last use.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()
        _all.append(self)

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What is kept under this key, else what ``make`` returns."""
        with self._lock:
            found = self._kept.pop(key, None)
        made = make() if found is None else found[1]
        with self._lock:
            self._kept[key] = (time.monotonic(), made)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()

    def evict_expired(self) -> None:
        """Drop what nobody has used in an hour."""
        oldest = time.monotonic() - KEPT_SECONDS
        with self._lock:
            for key in [key for key, (last_use, _) in self._kept.items() if last_use < oldest]:
                del self._kept[key]


def clear_results() -> None:
    """Drop all that is remembered, of whoever's case."""
    for each in _all:
        each.clear()


def evict_expired() -> None:
    """Drop what is too old of everything that is remembered."""
    for each in _all:
        each.evict_expired()
