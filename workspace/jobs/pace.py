"""How long work of each kind took lately on this server."""

import statistics
import threading
from collections import defaultdict, deque
from collections.abc import Hashable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from workspace.jobs.queue.job import Job

# Cases differ in size: the last few say more of the next than all of a day.
_KEPT: Final = 8
_lock: Final = threading.Lock()
_took: "Final[defaultdict[str, deque[float]]]" = defaultdict(lambda: deque(maxlen=_KEPT))


def note_pace(key: Hashable, job: "Job") -> None:
    """Remember what a job took, once it is done.

    Args:
        key: A case, and what is made of it.
        job: As it is now.
    """
    what = _what(key)
    if what is not None and job.status == "done" and job.seconds_run is not None:
        with _lock:
            _took[what].append(job.seconds_run)


def usual_seconds(key: Hashable) -> float | None:
    """What such a job took lately, in the median; None while there was none."""
    what = _what(key)
    with _lock:
        return statistics.median(_took[what]) if _took.get(what) else None


def _what(key: Hashable) -> str | None:
    return key[1] if isinstance(key, tuple) and len(key) > 1 and isinstance(key[1], str) else None
