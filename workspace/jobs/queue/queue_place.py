"""Where a visitor's case stands in the queue, and how long it may take until its turn."""

import math
import time
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final

from workspace.jobs.pace import usual_seconds
from workspace.jobs.queue.job import Job
from workspace.jobs.queue.job_events import WARM_UP
from workspace.jobs.queue.server_queue import queue

_MINUTE: Final = 60
_ROUNDED_TO: Final = 5


@dataclass(frozen=True)
class QueuePlace:
    """Of a case of which nothing has begun.

    Args:
        number: 1 where no other case is before it.
        seconds: Until it begins, by what such work took lately; None where that is not known.
    """

    number: int
    seconds: float | None

    @property
    def words(self) -> str:
        """``"4th in line, about 20 s"``."""
        place = "next" if self.number == 1 else f"{_ordinal(self.number)} in line"
        return place if self.seconds is None else f"{place}, about {_in_words(self.seconds)}"


def place_of(jobs: Iterable[Job]) -> QueuePlace | None:
    """The place of a case in the queue; None once one of its jobs runs or is done.

    Args:
        jobs: Of one case.
    """
    all_jobs = list(jobs)
    if not all_jobs or any(job.status != "waiting" for job in all_jobs):
        return None
    line = min((queue.up_to(job) for job in all_jobs), key=len)
    if not line:  # begun meanwhile
        return None
    *before, (mine, _) = line
    others = {_case(key) for key, _ in before} - {_case(mine), WARM_UP}
    return QueuePlace(len(others) + 1, _seconds_of(before))


def _case(key: Hashable) -> Hashable:
    return key[0] if isinstance(key, tuple) else key


def _seconds_of(before: list[tuple[Hashable, Job]]) -> float | None:
    if not before:
        return None
    known = [(job, usual_seconds(key)) for key, job in before]
    found = [_left(job, seconds) for job, seconds in known if seconds is not None]
    return sum(found) if len(found) == len(known) else None


def _left(job: Job, seconds: float) -> float:
    done = 0.0 if job.begun_at is None else time.monotonic() - job.begun_at
    return max(0.0, seconds - done)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return str(number) + {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _in_words(seconds: float) -> str:
    if seconds >= 1.5 * _MINUTE:
        return f"{math.ceil(seconds / _MINUTE)} min"
    return f"{max(1, math.ceil(seconds / _ROUNDED_TO)) * _ROUNDED_TO} s"
