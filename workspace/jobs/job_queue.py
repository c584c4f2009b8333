"""Work that outlasts a script run: one queue for the whole server.

One job runs at a time, since each uses every core; the others wait their turn. Finished work is
remembered by its key, so that the same case opened again is instant.

Two visitors with the same case wait for the same job. So each job knows who requested it, and it
stops, or loses its place, only when nobody who requested it wants it any more and is still there.
"""

import atexit
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from common.disk_errors import in_words
from common.memory import keep_heap_small
from workspace.jobs.result_cache import KEPT_SECONDS
from workspace.jobs.visitors import is_here
from workspace.models.loaded_models import rest_models

# Four results (three models and their consensus) of four cases, about 30 MB each.
MAX_REMEMBERED: Final = 16
# Figures, or a few megabytes of maps.
MAX_REMEMBERED_SMALL: Final = 32
# Longer than loading a model takes, which reports no progress.
STOP_SECONDS: Final = 10

_log: Final = logging.getLogger(__name__)

Work = Callable[[Callable[[float], None]], Any]


class CancelledError(Exception):
    """Nobody waits for this work any more."""


@dataclass
class Job:
    """One piece of work, queued, running or finished.

    Args:
        progress: From 0 to 1, as the work itself reports it.
        ahead: Whether it goes before every other job that waits.
        aside: Whether it gives way to every other job that waits.
        small: Whether its result is smaller than a segmentation.
        askers: Who waits for it; None is the server itself.
        unwanted: Whether it has to stop at its next report of progress.
        last_request: When it was requested last, in seconds of the monotonic clock.
    """

    progress: float = 0.0
    started: bool = False
    ahead: bool = False
    aside: bool = False
    small: bool = False
    askers: set[Hashable] = field(default_factory=set)
    unwanted: bool = False
    last_request: float = field(default_factory=time.monotonic)
    future: Future = field(default_factory=Future)

    @property
    def status(self) -> str:
        """``"waiting"``, ``"running"``, ``"done"``, ``"failed"`` or ``"cancelled"``."""
        if not self.future.done():
            return "running" if self.started else "waiting"
        if isinstance(self.error, CancelledError):
            return "cancelled"
        return "failed" if self.error else "done"

    @property
    def unsettled(self) -> bool:
        """Whether it still waits or runs."""
        return not self.future.done()

    @property
    def result(self) -> Any:
        """What the work returned, once it is done."""
        return self.future.result(timeout=0)

    @property
    def error(self) -> BaseException | None:
        """What stopped the work, once it has failed."""
        return self.future.exception(timeout=0) if self.future.done() else None


def cancelled_job() -> Job:
    """What stands in the place of a job for someone who has cancelled it."""
    job = Job()
    job.future.set_exception(CancelledError())
    return job


class _Waiting(NamedTuple):
    key: Hashable
    job: Job
    work: Work


class JobQueue:
    """Runs jobs one after the other in a thread of its own and remembers the last ones.

    Args:
        max_remembered: How many results are kept.
        is_here: Whether a visitor is still there; work that nobody there has requested is dropped.
    """

    def __init__(
        self,
        *,
        max_remembered: int = MAX_REMEMBERED,
        is_here: Callable[[Hashable], bool] = is_here,
        on_idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._max_remembered = max_remembered
        self._is_here = is_here
        self._on_idle = on_idle
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        # No executor, whose end would wait for all that is queued: a presenter who stops the
        # server has it stopped. Nor is the thread left to die inside torch, which aborts then.
        self._thread = threading.Thread(target=self._work, name="inference", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def submit(
        self,
        key: Hashable,
        work: Work,
        *,
        again: bool = False,
        who: Hashable = None,
        ahead: bool = False,
        aside: bool = False,
        small: bool = False,
    ) -> Job:
        """The job of this key: the one there is, else a new one.

        Args:
            key: What makes two pieces of work the same.
            work: Called with a function that takes the progress, from 0 to 1.
            again: Whether to try anew what has failed.
            who: The visitor who requests it; None is the server itself, which stays for good.
            ahead: Whether it goes before every other job that waits, in turn with others of its
                kind. It must be short, since all wait for it.
            aside: Whether it gives way to every other job that waits. Its result must be small.
            small: Whether its result is smaller than a segmentation: more of these are kept.
        """
        with self._changed:
            job = self._jobs.get(key)
            if job is None or (again and job.status == "failed"):
                job = self._jobs[key] = Job(ahead=ahead, aside=aside, small=small or aside)
                self._waiting.append(_Waiting(key, job, work))
                self._changed.notify()
            job.askers.add(who)
            job.last_request = time.monotonic()
            self._jobs.move_to_end(key)
            self._forget_oldest()
            return job

    def find(self, key: Hashable) -> Job | None:
        """The job of this key if there is one, without asking for it."""
        with self._changed:
            return self._jobs.get(key)

    def asked_by(self, who: Hashable) -> list[Hashable]:
        """The keys of what this one still waits for."""
        with self._changed:
            return [
                key
                for key, job in self._jobs.items()
                if who in job.askers and not job.future.done()
            ]

    def cancel(self, keys: Iterable[Hashable], *, who: Hashable = None) -> None:
        """Take back a request. What someone else waits for goes on, and so does its key.

        Waiting work is dropped at once; running work stops at its next report of progress. Either
        is forgotten: whoever requests it next starts it anew. What is finished stays.
        """
        with self._changed:
            for key in keys:
                job = self._jobs.get(key)
                if job is None or job.future.done():
                    continue
                job.askers.discard(who)
                if not self._is_wanted(job):
                    self._drop(key, job)

    def forget(self, who: Hashable) -> None:
        """Let go of all that someone asked for, finished or not, unless others who are here did.

        What runs stops at its next report of progress.
        """
        with self._changed:
            for key, job in list(self._jobs.items()):
                if who is None or who not in job.askers:
                    continue
                job.askers.discard(who)
                if self._has_visitor(job):
                    continue
                if job.future.done():
                    del self._jobs[key]
                else:
                    self._drop(key, job)

    def evict_expired(self) -> None:
        """Forget what is finished, nobody has requested in an hour, and nobody is here for."""
        oldest = time.monotonic() - KEPT_SECONDS
        with self._changed:
            jobs = list(self._jobs.items())
            for key, job in jobs:
                if job.future.done() and job.last_request < oldest and not self._has_visitor(job):
                    del self._jobs[key]

    def stop(self) -> None:
        """Stop the running job at its next report of progress, and start no other."""
        self._stopping.set()
        with self._changed:
            self._changed.notify()
        self._thread.join(timeout=STOP_SECONDS)

    def _has_visitor(self, job: Job) -> bool:
        return any(who is not None and self._is_here(who) for who in job.askers)

    def _is_wanted(self, job: Job) -> bool:
        return any(self._is_here(who) for who in job.askers)

    def _drop(self, key: Hashable, job: Job) -> None:
        del self._jobs[key]
        job.unwanted = True
        if not job.started:
            self._waiting = [entry for entry in self._waiting if entry.job is not job]
            job.future.set_exception(CancelledError())

    def _work(self) -> None:
        while self._run_next():
            if not self._waiting:
                self._rest()

    def _run_next(self) -> bool:
        # In a frame of its own: what the last job kept, a whole scan, must not wait for the next.
        entry = self._next()
        if entry is not None:
            self._run(entry)
        return entry is not None

    def _rest(self) -> None:
        try:
            self._on_idle()
        except Exception:  # without its thread the server would answer nobody any more
            _log.exception("What the queue does when idle has failed.")

    def _next(self) -> _Waiting | None:
        """The next job that somebody wants, as soon as there is one; None at the end."""
        with self._changed:
            while not self._stopping.is_set():
                for entry in [each for each in self._waiting if not self._is_wanted(each.job)]:
                    self._drop(entry.key, entry.job)
                if self._waiting:
                    # The first among equals, since `min` gives the first of the least.
                    entry = min(self._waiting, key=lambda each: each.job.aside - each.job.ahead)
                    self._waiting.remove(entry)
                    entry.job.started = True
                    return entry
                self._changed.wait()
        return None

    def _run(self, entry: _Waiting) -> None:
        key, job, work = entry

        def report(share: float) -> None:
            job.progress = share
            if self._stopping.is_set():
                raise InterruptedError("The server is stopping.")
            if job.unwanted:
                raise CancelledError

        try:
            result = work(report)
        except BaseException as error:  # whatever it was, the page must learn of it
            job.future.set_exception(_without_frames(in_words(error)))
            return
        with self._changed:
            # Finished before it could hear that it need not: the answer is worth keeping.
            self._jobs.setdefault(key, job)
            job.future.set_result(result)

    def _forget_oldest(self) -> None:
        for small, most in ((False, self._max_remembered), (True, MAX_REMEMBERED_SMALL)):
            kind = {key: job for key, job in self._jobs.items() if job.small is small}
            finished = [key for key, job in kind.items() if job.future.done()]
            for key in finished[: max(0, len(kind) - most)]:
                del self._jobs[key]


def _without_frames(error: BaseException) -> BaseException:
    """The error as it is remembered: its frames, and those of what led to it, hold a whole scan."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


keep_heap_small()
queue: Final = JobQueue(on_idle=rest_models)
