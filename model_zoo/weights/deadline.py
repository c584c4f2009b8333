"""Waiting for another machine, never longer than allowed."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

Answer = TypeVar("Answer")


class GaveUpError(TimeoutError):
    """The work was silent, or took altogether, longer than ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"nothing within {seconds:g} seconds")
        self.seconds = seconds


def within(work: Callable[[Callable[[], None]], Answer], *, silence: float, total: float) -> Answer:
    """Do work in a thread of its own and wait for it as long as it shows signs of life.

    Work that is given up goes on unwatched, and dies with the process: a download may so still
    reach the cache.

    Args:
        work: Called with a function to call at every sign of life.
        silence: Seconds to wait for the next sign of life.
        total: Seconds to wait altogether.

    Raises:
        GaveUpError: if the wait is over; else whatever the work raises.
    """
    outcome: Future[Answer] = Future()
    start = time.monotonic()
    last_sign = [start]

    def sign_of_life() -> None:
        last_sign[0] = time.monotonic()

    thread = threading.Thread(target=_settle, args=(outcome, work, sign_of_life), daemon=True)
    thread.start()
    while not outcome.done():
        ends = (last_sign[0] + silence, silence), (start + total, total)
        end, seconds = min(ends)
        if end <= time.monotonic():
            raise GaveUpError(seconds)
        wait([outcome], timeout=end - time.monotonic())
    return outcome.result()


def _settle(
    outcome: Future, work: Callable[[Callable[[], None]], object], sign_of_life: Callable[[], None]
) -> None:
    try:
        outcome.set_result(work(sign_of_life))
    except BaseException as error:
        outcome.set_exception(error)
