"""The jobs a queue knows of by their key: those not settled yet, and the last that are."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from workspace.jobs.queue.job import Job
from workspace.jobs.result_cache import KEPT_SECONDS

# Figures, or a few megabytes of maps.
MAX_REMEMBERED_SMALL: Final = 32


class KeptJobs(OrderedDict[Hashable, Job]):
    """Jobs by key, the one requested last at the end. Its owner's lock guards it.

    Args:
        most: How many results of the size of a segmentation are kept.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def requested(self, key: Hashable, who: Hashable) -> Job:
        """Note that somebody requested a job, and forget the oldest results beyond the most."""
        job = self[key]
        job.askers.add(who)
        job.last_request = time.monotonic()
        self.move_to_end(key)
        self._forget_oldest()
        return job

    def evict_expired(self, has_visitor: Callable[[Job], bool]) -> None:
        """Forget what is finished, nobody has requested in an hour, and nobody is here for.

        Args:
            has_visitor: Whether somebody who requested a job is still there.
        """
        oldest = time.monotonic() - KEPT_SECONDS
        for key, job in list(self.items()):
            if not job.unsettled and job.last_request < oldest and not has_visitor(job):
                del self[key]

    def _forget_oldest(self) -> None:
        for small, most in ((False, self._most), (True, MAX_REMEMBERED_SMALL)):
            alike = {key: job for key, job in self.items() if job.small is small}
            finished = [key for key, job in alike.items() if not job.unsettled]
            for key in finished[: max(0, len(alike) - most)]:
                del self[key]
