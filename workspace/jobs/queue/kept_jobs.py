"""The jobs a queue knows of by their key: those not settled yet, and the last that are."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from workspace.jobs.queue.job import Job
from workspace.jobs.result_cache import KEPT_SECONDS

# Figures, or a few megabytes of maps.
MAX_REMEMBERED_SMALL: Final = 32
# Pages that wait ask several times a second; on a busy server they are drawn late.
LOOKED_AT_SECONDS: Final = 60


class KeptJobs(OrderedDict[Hashable, Job]):
    """Jobs by key, the one requested last at the end. Its owner's lock guards it.

    Args:
        most: How many results of the size of a segmentation are kept, beside those that pages
            wait with for more.
        has_visitor: Whether somebody who requested a job is still there.
    """

    def __init__(self, most: int, has_visitor: Callable[[Job], bool]) -> None:
        super().__init__()
        self._most, self._has_visitor = most, has_visitor

    def requested(self, key: Hashable, who: Hashable) -> Job:
        """Note that somebody requested a job, and forget the oldest results beyond the most."""
        job = self[key]
        job.askers.add(who)
        job.last_request = time.monotonic()
        self.move_to_end(key)
        self._forget_oldest()
        return job

    def evict_expired(self) -> None:
        """Forget what is finished, nobody has requested in an hour, and nobody is here for."""
        oldest = time.monotonic() - KEPT_SECONDS
        for key, job in list(self.items()):
            if not job.unsettled and job.last_request < oldest and not self._has_visitor(job):
                del self[key]

    def _forget_oldest(self) -> None:
        for small, most in ((False, self._most), (True, MAX_REMEMBERED_SMALL)):
            alike = {key: job for key, job in self.items() if job.small is small}
            if len(alike) <= most:
                continue
            settled = [key for key, job in alike.items() if not self._is_waited_with(job)]
            for key in settled[: len(alike) - most]:
                del self[key]

    def _is_waited_with(self, job: Job) -> bool:
        """Whether it is unsettled, or a page that waits for more would ask for it anew."""
        looked_at = job.last_request > time.monotonic() - LOOKED_AT_SECONDS
        return job.unsettled or (looked_at and self._has_visitor(job))
