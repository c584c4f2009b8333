"""What was made of a case, kept for a while for whoever opens the same case again.

``st.cache_data`` would drop what is too old only when it is given more.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final

from workspace.memory_budget import budget_bytes, held_bytes

# As stated on the About page.
KEPT_SECONDS: Final = 3600
# Beside the memory for results, in parts of it: what is made of them is smaller, and made anew in
# seconds.
_SHARE: Final = 4
_all: "Final[list[ResultCache]]" = []


class ResultCache:
    """The last things that were used, each until an hour after its last use.

    Args:
        most: How many are kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._bytes: dict[Hashable, int] = {}
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
            if found is None:
                self._bytes[key] = held_bytes(made)
            self._drop_oldest()
        return made

    def _drop_oldest(self) -> None:
        """Down to the most, and to what memory there is for each cache alike; never the last."""
        most_bytes = budget_bytes() // _SHARE // len(_all)
        while len(self._kept) > self._most or (
            len(self._kept) > 1 and sum(self._bytes.values()) > most_bytes
        ):
            oldest, _ = self._kept.popitem(last=False)
            self._bytes.pop(oldest, None)

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._kept.clear()
            self._bytes.clear()

    def evict_expired(self) -> None:
        """Drop what nobody has used in an hour."""
        oldest = time.monotonic() - KEPT_SECONDS
        with self._lock:
            for key in [key for key, (last_use, _) in self._kept.items() if last_use < oldest]:
                del self._kept[key]
                self._bytes.pop(key, None)


def clear_results() -> None:
    """Drop all that is remembered, of whoever's case."""
    for each in _all:
        each.clear()


def evict_expired() -> None:
    """Drop what is too old of everything that is remembered."""
    for each in _all:
        each.evict_expired()
