"""Work that outlasts a script run: one queue for the whole server.

One job runs at a time, since each uses every core; the others wait their turn. Where other
machines answer for the networks, their jobs wait for a place there instead. Finished work is
remembered by its key, so that the same case opened again is instant.

Two visitors with the same case wait for the same job. So each job knows who requested it, and it
stops, or loses its place, only when nobody who requested it wants it any more and is still there.
"""

import atexit
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Final, NamedTuple

from common.disk_errors import in_words
from workspace.jobs.queue.job import CancelledError, Job, Kind, LetGoError, Work
from workspace.jobs.queue.kept_jobs import KeptJobs
from workspace.jobs.queue.places import HERE, Places
from workspace.jobs.visitors import is_here
from workspace.memory_budget import budget_bytes

# Four results (three models and their consensus) of four cases, about 30 MB each.
MAX_REMEMBERED: Final = 16
# Longer than loading a model takes, which reports no progress.
STOP_SECONDS: Final = 10

_log: Final = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    key: Hashable
    job: Job
    work: Work


class JobQueue:
    """Runs jobs one after the other in a thread of its own and remembers the last ones.

    Args:
        max_remembered: How many results are kept, beside those that pages wait with for more.
        is_here: Whether a visitor is still there; work that nobody there has requested is dropped.
        on_idle: Is called when nothing is left to do here.
        places: Where jobs of networks are done.
        on_change: Is told of every job that is queued, done, failed or dropped.
        most_bytes: What all results that are kept may take together.
    """

    def __init__(
        self,
        *,
        max_remembered: int = MAX_REMEMBERED,
        is_here: Callable[[Hashable], bool] = is_here,
        on_idle: Callable[[], None] = lambda: None,
        on_change: Callable[[Hashable, Job], None] = lambda _, __: None,
        places: Places = HERE,
        most_bytes: Callable[[], int] = budget_bytes,
    ) -> None:
        self._is_here = is_here
        self._on_idle = on_idle
        self._places, self._places_known = places, 1
        self._on_change = on_change
        self._jobs = KeptJobs(max_remembered, self._has_visitor, most_bytes)
        self._waiting: list[_Waiting] = []
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        # No executor, whose end would wait for all that is queued: a presenter who stops the
        # server has it stopped. Nor is the thread left to die inside torch, which aborts then.
        self._thread = self._begin(self._work, "inference")
        self._elsewhere: list[threading.Thread] = []
        atexit.register(self.stop)

    def submit(
        self,
        key: Hashable,
        work: Work,
        *,
        again: bool = False,
        who: Hashable = None,
        **kind: bool,
    ) -> Job:
        """The job of this key: the one there is, else a new one.

        Args:
            key: What makes two pieces of work the same.
            work: Called with a function that takes the progress, from 0 to 1.
            again: Whether to try anew what has failed.
            who: The visitor who requests it; None is the server itself, which stays for good.
            kind: Of :class:`Kind`.
        """
        with self._changed:
            job = self._jobs.get(key)
            if job is None or (again and job.status == "failed"):
                known = Kind(**kind)
                elsewhere = known.by_networks and self._places.elsewhere()
                job = self._jobs[key] = Job(kind=known, elsewhere=elsewhere)
                self._waiting.append(_Waiting(key, job, work))
                self._changed.notify_all()
                self._on_change(key, job)
                if elsewhere:
                    self._take_places()
            return self._jobs.requested(key, who)

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

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        with self._changed:
            return len(self._waiting)

    @property
    def running(self) -> int:
        """How many jobs run: one or none."""
        with self._changed:
            return sum(job.status == "running" for job in self._jobs.values())

    def up_to(self, job: Job) -> list[tuple[Hashable, Job]]:
        """What runs or waits, in the order of the turns, to a job that waits, which is the last.

        With their keys; nothing where the job does not wait.
        """
        with self._changed:
            there = [(key, each) for key, each in self._jobs.items() if each.status == "running"]
            line = [each for each in sorted(self._waiting, key=_turn) if self._is_wanted(each.job)]
            there += [(entry.key, entry.job) for entry in line]
        mine = [each for each in there if each[1].elsewhere is job.elsewhere]
        end = next((place for place, (_, each) in enumerate(mine, 1) if each is job), 0)
        return mine[:end]

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

    def forget_let_go(self, who: Hashable) -> None:
        """Have what was let go of computed anew when someone who had it asks for it next."""
        with self._changed:
            for key, job in list(self._jobs.items()):
                if who in job.askers and isinstance(job.error, LetGoError):
                    del self._jobs[key]

    def evict_expired(self) -> None:
        """Forget what is finished, nobody has requested in an hour, and nobody is here for."""
        with self._changed:
            self._jobs.evict_expired()

    def stop(self) -> None:
        """Stop the running job at its next report of progress, and start no other."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
            threads = [self._thread, *self._elsewhere]
        until = time.monotonic() + STOP_SECONDS
        for thread in threads:
            thread.join(timeout=max(0.0, until - time.monotonic()))

    def _has_visitor(self, job: Job) -> bool:
        return any(who is not None and self._is_here(who) for who in job.askers)

    def _is_wanted(self, job: Job) -> bool:
        return any(self._is_here(who) for who in job.askers)

    def _drop(self, key: Hashable, job: Job) -> None:
        del self._jobs[key]
        job.unwanted = True
        if not job.started:
            self._waiting = [entry for entry in self._waiting if entry.job is not job]
            self._end(key, job, CancelledError())

    def _end(self, key: Hashable, job: Job, error: BaseException) -> None:
        job.ended_at = time.monotonic()
        job.future.set_exception(error)
        self._on_change(key, job)

    def _begin(self, target: Callable[[], None], name: str) -> threading.Thread:
        thread = threading.Thread(target=target, name=name, daemon=True)
        thread.start()
        return thread

    def _take_places(self) -> None:
        """Have a thread wait for each place elsewhere, as far as there are jobs for them."""
        waiting = sum(entry.job.elsewhere for entry in self._waiting)
        free = self._places_known - len(self._elsewhere)
        for _ in range(min(waiting, free)):
            self._elsewhere.append(self._begin(self._wait_elsewhere, "elsewhere"))

    def _work(self) -> None:
        while self._run_next():
            if not any(not entry.job.elsewhere for entry in self._waiting):
                self._rest()

    def _wait_elsewhere(self) -> None:
        going_on = True
        while going_on:
            count = self._places.count()
            with self._changed:
                self._places_known = max(1, count)
                self._take_places()
            going_on = self._run_next(elsewhere=True)

    def _run_next(self, *, elsewhere: bool = False) -> bool:
        # In a frame of its own: what the last job kept, a whole scan, must not wait for the next.
        entry = self._next(elsewhere)
        if entry is not None:
            self._run(entry)
        return entry is not None

    def _rest(self) -> None:
        try:
            self._on_idle()
        except Exception:  # without its thread the server would answer nobody any more
            _log.exception("What the queue does when idle has failed.")

    def _next(self, elsewhere: bool) -> _Waiting | None:
        """The next job that somebody wants, as soon as there is one; None at the end."""
        with self._changed:
            while not self._stopping.is_set():
                for entry in [each for each in self._waiting if not self._is_wanted(each.job)]:
                    self._drop(entry.key, entry.job)
                mine = [each for each in self._waiting if each.job.elsewhere is elsewhere]
                if mine:
                    entry = min(mine, key=_turn)  # the first among equals
                    self._waiting.remove(entry)
                    entry.job.started, entry.job.begun_at = True, time.monotonic()
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
            self._end(key, job, _without_frames(in_words(error)))
            return
        with self._changed:
            # Finished before it could hear that it need not: the answer is worth keeping.
            self._jobs.setdefault(key, job)
            job.ended_at = time.monotonic()
            job.future.set_result(result)
            self._jobs.keep_within_memory()
        self._on_change(key, job)


def _turn(entry: _Waiting) -> int:
    return entry.job.kind.aside - entry.job.kind.ahead


def _without_frames(error: BaseException) -> BaseException:
    """The error as it is remembered: its frames, and those of what led to it, hold a whole scan."""
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)
