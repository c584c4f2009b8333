"""Work that outlasts a script run: one queue for the whole server.

One job runs at a time, since each uses every core; the others wait their turn. Finished work is
remembered by its key, so that the same case opened again is instant.
"""

import atexit
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from queue import SimpleQueue
from typing import Any, Final

# Four results (three models and their consensus) of four cases, about 30 MB each.
MAX_REMEMBERED: Final = 16
# Longer than loading a model takes, which reports no progress.
STOP_SECONDS: Final = 10

Work = Callable[[Callable[[float], None]], Any]


@dataclass
class Job:
    """One piece of work, queued, running or finished.

    Args:
        progress: From 0 to 1, as the work itself reports it.
    """

    progress: float = 0.0
    started: bool = False
    future: Future = field(default_factory=Future)

    @property
    def status(self) -> str:
        """``"waiting"``, ``"running"``, ``"done"`` or ``"failed"``."""
        if self.future.done():
            return "failed" if self.future.exception() else "done"
        return "running" if self.started else "waiting"

    @property
    def result(self) -> Any:
        """What the work returned, once it is done."""
        return self.future.result(timeout=0)

    @property
    def error(self) -> BaseException | None:
        """What stopped the work, once it has failed."""
        return self.future.exception(timeout=0) if self.future.done() else None


class JobQueue:
    """Runs jobs one after the other in a thread of its own and remembers the last ones."""

    def __init__(self, *, max_remembered: int = MAX_REMEMBERED) -> None:
        self._max_remembered = max_remembered
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._lock = threading.Lock()
        self._waiting: SimpleQueue[tuple[Job, Work] | None] = SimpleQueue()
        self._stopping = threading.Event()
        # No executor, whose end would wait for all that is queued: a presenter who stops the
        # server has it stopped. Nor is the thread left to die inside torch, which aborts then.
        self._thread = threading.Thread(target=self._work, name="inference", daemon=True)
        self._thread.start()
        atexit.register(self.stop)

    def submit(self, key: Hashable, work: Work, *, again: bool = False) -> Job:
        """The job of this key: the one there is, else a new one.

        Args:
            key: What makes two pieces of work the same.
            work: Called with a function that takes the progress, from 0 to 1.
            again: Whether to try anew what has failed.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or (again and job.status == "failed"):
                job = self._jobs[key] = Job()
                self._waiting.put((job, work))
            self._jobs.move_to_end(key)
            self._forget_oldest()
            return job

    def stop(self) -> None:
        """Stop the running job at its next report of progress, and start no other."""
        self._stopping.set()
        self._waiting.put(None)
        self._thread.join(timeout=STOP_SECONDS)

    def _work(self) -> None:
        while (job_and_work := self._waiting.get()) and not self._stopping.is_set():
            _run(*job_and_work, self._stopping)

    def _forget_oldest(self) -> None:
        finished = [key for key, job in self._jobs.items() if job.future.done()]
        for key in finished[: max(0, len(self._jobs) - self._max_remembered)]:
            del self._jobs[key]


def _run(job: Job, work: Work, stopping: threading.Event) -> None:
    def report(share: float) -> None:
        job.progress = share
        if stopping.is_set():
            raise InterruptedError("The server is stopping.")

    job.started = True
    try:
        job.future.set_result(work(report))
    except BaseException as error:  # whatever it was, the page must learn of it
        job.future.set_exception(error)


queue: Final = JobQueue()
