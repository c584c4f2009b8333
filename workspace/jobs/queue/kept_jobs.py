"""The jobs a queue knows of by their key: those not settled yet, and the last that are."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final

from workspace.jobs.queue.job import Job, job_let_go
from workspace.jobs.result_cache import KEPT_SECONDS
from workspace.memory_budget import budget_bytes, held_bytes

# Figures, or a few megabytes of maps.
MAX_REMEMBERED_SMALL: Final = 32
# Pages that wait ask several times a second; on a busy server they are drawn late: with sixty
# visitors on two cores up to a minute, beside other programs more.
LOOKED_AT_SECONDS: Final = 240


class KeptJobs(OrderedDict[Hashable, Job]):
    """Jobs by key, the one requested last at the end. Its owner's lock guards it.

    Args:
        most: How many results of the size of a segmentation are kept, beside those that pages
            wait with for more.
        has_visitor: Whether somebody who requested a job is still there.
        most_bytes: What all results may take together, whoever waits with them.
    """

    def __init__(
        self,
        most: int,
        has_visitor: Callable[[Job], bool],
        most_bytes: Callable[[], int] = budget_bytes,
    ) -> None:
        super().__init__()
        self._most, self._has_visitor, self._most_bytes = most, has_visitor, most_bytes

    def requested(self, key: Hashable, who: Hashable) -> Job:
        """Note that somebody requested a job, and forget the oldest results beyond the most."""
        job = self[key]
        job.askers.add(who)
        job.last_request = time.monotonic()
        self.move_to_end(key)
        self._forget_oldest()
        return job

    def keep_within_memory(self) -> None:
        """Let go of the oldest results beyond what there is memory for, all but the last.

        Those that nobody looks at go first. Whoever is there for one is told, and may ask anew:
        pages that ask by themselves would else have each other's results let go of without end.
        """
        held = {key: held_bytes(job.result) for key, job in self.items() if job.status == "done"}
        beyond = sum(held.values()) - self._most_bytes()
        if beyond <= 0:
            return
        for key in sorted([key for key in held if held[key]][:-1], key=self._is_looked_at):
            if beyond <= 0:
                return
            beyond -= held[key]
            self._let_go(key)

    def _let_go(self, key: Hashable) -> None:
        former = self[key]
        if self._has_visitor(former):
            self[key] = job_let_go(former)
        else:
            del self[key]

    def _is_looked_at(self, key: Hashable) -> bool:
        return self._is_waited_with(self[key])

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
