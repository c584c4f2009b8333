"""All results together take no more memory than there is for them."""

from contextlib import suppress

import numpy as np
import pytest

from tests.workspace.jobs.queue.test_job_queue import wait
from workspace.jobs.queue import kept_jobs
from workspace.jobs.queue.job import LetGoError
from workspace.jobs.queue.job_queue import JobQueue
from workspace.memory_budget import held_bytes

# As of a case of 240×240×155: label map and probabilities of a brain.
LARGE = 9_000_000 + 3 * 2 * 140 * 170 * 140
VISITORS = [f"visitor {number}" for number in range(10)]
ANSWERS = ("unet", "resnet_unet", "transunet", "consensus")


def answer(scale=1000):
    """A thousandth of a large one, so that the test itself takes none."""
    return np.zeros(LARGE // scale, np.uint8)


@pytest.fixture
def small_host():
    """For results 900 MB, in thousandths."""
    return JobQueue(is_here=VISITORS.__contains__, most_bytes=lambda: 900_000)


def ask_for_all(queue, who, runs, *, again=False):
    for name in ANSWERS:
        work = lambda _, name=name: runs.append((who, name)) or answer()  # noqa: E731
        with suppress(LetGoError):
            wait(queue.submit((who, name), work, who=who, again=again))


def held(queue):
    jobs = (queue.find((who, name)) for who in VISITORS for name in ANSWERS)
    return sum(held_bytes(job.result) for job in jobs if job and job.status == "done")


def test_ten_visitors_with_a_large_case_each_fit_a_small_host(small_host):
    runs = []
    for who in VISITORS:
        ask_for_all(small_host, who, runs)
        assert held(small_host) <= 900_000
    assert len(runs) == 40
    assert 900_000 - held(small_host) < LARGE / 1000, "no more is let go of than has to be"
    last = [small_host.find((VISITORS[-1], name)).status for name in ANSWERS]
    assert last == ["done"] * 4


def test_whoever_opens_the_case_again_has_all_of_it_run_again(small_host):
    runs = []
    for who in VISITORS:
        ask_for_all(small_host, who, runs)
    asked = len(runs)
    assert small_host.find((VISITORS[0], "consensus")).status == "failed"
    small_host.forget_let_go(VISITORS[0])
    ask_for_all(small_host, VISITORS[0], runs)
    assert [name for who, name in runs[asked:] if who == VISITORS[0]] == list(ANSWERS)
    assert small_host.find((VISITORS[1], "consensus")).status == "failed"  # who did not ask


def test_who_is_there_reads_that_it_was_let_go_of_and_can_run_it_again(small_host):
    runs = []
    for who in VISITORS:
        ask_for_all(small_host, who, runs)
    asked = len(runs)
    for _ in range(3):  # as pages that are drawn again ask
        ask_for_all(small_host, VISITORS[0], runs)
    assert len(runs) == asked, "pages would take each other's results without end"
    job = small_host.find((VISITORS[0], "unet"))
    assert job.status == "failed"
    assert str(job.error) == (
        "This server's memory was needed for other visitors, and the answer was let go of; run it "
        "again."
    )
    ask_for_all(small_host, VISITORS[0], runs, again=True)
    assert runs[asked:] == [(VISITORS[0], name) for name in ANSWERS]
    assert small_host.find((VISITORS[0], "unet")).result is not None
    assert held(small_host) <= 900_000


def test_what_nobody_looks_at_goes_first(monkeypatch, small_host):
    gone = ("gone", "unet")
    wait(small_host.submit(("here", "unet"), lambda _: answer(100), who=VISITORS[0]))
    wait(small_host.submit(gone, lambda _: answer(100), who="gone"))
    wait(small_host.submit(("more", "unet"), lambda _: answer(60), who=VISITORS[1]))
    assert small_host.find(gone) is None
    assert small_host.find(("here", "unet")).status == "done"
    monkeypatch.setattr(kept_jobs, "LOOKED_AT_SECONDS", -1.0)
    wait(small_host.submit(("yet more", "unet"), lambda _: answer(60), who=VISITORS[2]))
    assert small_host.find(("here", "unet")).status == "failed"


def test_a_single_result_is_kept_whatever_it_takes():
    queue = JobQueue(most_bytes=lambda: 1)
    assert wait(queue.submit("a", lambda _: answer())).status == "done"
    assert queue.find("a").status == "done"
