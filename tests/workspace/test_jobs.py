import contextlib
import subprocess
import sys
import threading
import time

import pytest

from workspace.jobs import JobQueue


def wait(job):
    with contextlib.suppress(RuntimeError):
        job.future.result(timeout=5)
    return job


def test_a_job_runs_and_is_remembered():
    queue, runs = JobQueue(), []
    first = wait(queue.submit("a", lambda _: runs.append(1) or "answer"))
    again = queue.submit("a", lambda _: runs.append(2))
    assert first is again
    assert again.result == "answer"
    assert (again.status, runs) == ("done", [1])


def test_progress_is_what_the_work_says():
    queue, gate = JobQueue(), threading.Event()

    def work(report):
        report(0.25)
        gate.wait(5)

    job = queue.submit("a", work)
    deadline = time.monotonic() + 5
    while job.progress == 0 and time.monotonic() < deadline:
        time.sleep(0.005)
    assert (job.status, job.progress) == ("running", 0.25)
    gate.set()
    assert wait(job).status == "done"


def test_one_at_a_time_in_order():
    queue, gate, order = JobQueue(), threading.Event(), []
    first = queue.submit("a", lambda _: gate.wait(5) and order.append("a"))
    second = queue.submit("b", lambda _: order.append("b"))
    assert second.status == "waiting"
    gate.set()
    wait(first)
    wait(second)
    assert order == ["a", "b"]


def test_a_failure_is_told_and_may_be_tried_again():
    queue = JobQueue()

    def fail(_):
        raise RuntimeError("no memory")

    job = wait(queue.submit("a", fail))
    assert job.status == "failed"
    assert str(job.error) == "no memory"
    with pytest.raises(RuntimeError, match="no memory"):
        _ = job.result
    assert wait(queue.submit("a", lambda _: "better", again=True)).result == "better"


def test_a_failure_does_not_run_again_by_itself():
    """A page asks for its jobs whenever it is drawn; that alone must not repeat a failure."""
    queue, runs = JobQueue(), []

    def fail(_):
        runs.append(1)
        raise RuntimeError("no weights")

    wait(queue.submit("a", fail))
    assert queue.submit("a", fail).status == "failed"
    assert runs == [1]


def test_a_failure_does_not_stop_the_next():
    queue = JobQueue()

    def fail(_):
        raise RuntimeError

    wait(queue.submit("a", fail))
    assert wait(queue.submit("b", lambda _: 1)).result == 1


def test_only_the_last_are_remembered():
    queue, runs = JobQueue(max_remembered=2), []
    for key in "abc":
        wait(queue.submit(key, lambda _, key=key: runs.append(key)))
    wait(queue.submit("c", lambda _: runs.append("c again")))
    wait(queue.submit("a", lambda _: runs.append("a again")))
    assert runs == ["a", "b", "c", "a again"]


def test_a_stopped_queue_ends_the_running_job_and_starts_no_other():
    queue, running = JobQueue(), threading.Event()

    def work(report):
        while True:
            report(0.5)
            running.set()

    first, second = queue.submit("a", work), queue.submit("b", lambda _: "never")
    running.wait(5)
    queue.stop()
    assert (first.status, second.status) == ("failed", "waiting")


def test_a_server_that_is_stopped_does_not_wait_for_its_jobs():
    """And ends well: a thread that dies inside torch takes the process down with an abort."""
    code = """
import time
from workspace.jobs import queue
import torch

def work(report):
    for _ in range(10_000):
        torch.randn(400, 400) @ torch.randn(400, 400)
        report(0.5)

for key in "abc":
    queue.submit(key, work)
time.sleep(0.2)
"""
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert time.monotonic() - start < 30
