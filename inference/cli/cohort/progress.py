"""How far a run over many cases has come, and how long it will take."""

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from inference.cli.console import say

if TYPE_CHECKING:
    from tqdm import tqdm


class Progress:
    """A bar on a terminal; elsewhere a plain line after each case.

    Args:
        total: The cases to be done; of one case nothing is said.
    """

    def __init__(self, total: int) -> None:
        self._total, self._done, self._failed = total, 0, 0
        self._start = time.perf_counter()
        terminal = total > 1 and sys.stderr is not None and sys.stderr.isatty()
        self._bar = _bar(total) if terminal else None

    def aside(self) -> AbstractContextManager[Any]:
        """Have the bar out of the way while something else is printed."""
        return nullcontext() if self._bar is None else self._bar.external_write_mode(sys.stdout)

    def count(self, *, failed: bool) -> None:
        """One more case is done, or has failed."""
        self._done += 1
        self._failed += failed
        said = f"{self._failed} failed" if self._failed else ""
        if self._bar is not None:
            self._bar.set_postfix_str(said, refresh=False)
            self._bar.update()
        elif self._total > 1:
            say(f"  {self._done} of {self._total}{', ' if said else ''}{said}{self._left()}")

    def _left(self) -> str:
        left = self._total - self._done
        if not left:
            return ""
        seconds = (time.perf_counter() - self._start) / self._done * left
        return f", {timedelta(seconds=round(seconds))} left"

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def _bar(total: int) -> "tqdm":
    from tqdm import tqdm  # here, since few runs need it

    return tqdm(total=total, unit="case", file=sys.stderr, leave=False)
