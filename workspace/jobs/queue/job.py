"""One piece of work that outlasts a script run, from its request to its result."""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

Work = Callable[[Callable[[float], None]], Any]


class CancelledError(Exception):
    """Nobody waits for this work any more."""


class LetGoError(Exception):
    """A result that was there is no more."""

    def __init__(self) -> None:
        super().__init__(
            "This server's memory was needed for other visitors, and the answer was let go of; "
            "run it again."
        )


@dataclass(frozen=True)
class Kind:
    """What is known of a piece of work before it is done.

    Args:
        ahead: Whether it goes before every other job that waits, in turn with others of its kind.
            It must be short, since all wait for it.
        aside: Whether it gives way to every other job that waits. Its result must be small.
        small: Whether its result is smaller than a segmentation: more of these are kept.
        by_networks: Whether it is done by networks, which may be on other machines.
    """

    ahead: bool = False
    aside: bool = False
    small: bool = False
    by_networks: bool = False


@dataclass
class Job:
    """One piece of work, queued, running or finished.

    Args:
        progress: From 0 to 1, as the work itself reports it.
        kind: What is known of it.
        elsewhere: Whether another machine does it.
        askers: Who waits for it; None is the server itself.
        unwanted: Whether it has to stop at its next report of progress.
        last_request: When it was requested last, in seconds of the monotonic clock.
        queued_at: When it was requested first, by the same clock.
        begun_at: When it began; None while it waits.
        ended_at: When it was done, failed or dropped; None until then.
    """

    progress: float = 0.0
    started: bool = False
    kind: Kind = Kind()
    elsewhere: bool = False
    askers: set[Hashable] = field(default_factory=set)
    unwanted: bool = False
    last_request: float = field(default_factory=time.monotonic)
    queued_at: float = field(default_factory=time.monotonic)
    begun_at: float | None = None
    ended_at: float | None = None
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
    def small(self) -> bool:
        """Whether its result is smaller than a segmentation."""
        return self.kind.small or self.kind.aside

    @property
    def seconds_waited(self) -> float | None:
        """What it waited before it began; None while it has not."""
        return None if self.begun_at is None else self.begun_at - self.queued_at

    @property
    def seconds_run(self) -> float | None:
        """What the work itself took; None until it has ended, or where it never began."""
        if self.begun_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.begun_at

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


def job_let_go(former: Job) -> Job:
    """What stands in the place of a job whose result takes memory no more, for who asked for it."""
    job = Job(kind=Kind(small=True), askers=former.askers, last_request=former.last_request)
    job.future.set_exception(LetGoError())
    return job
