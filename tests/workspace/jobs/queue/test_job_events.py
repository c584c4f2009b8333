"""What is told of models' answers, from their places in the queue to their ends."""

import threading

import pytest

from workspace.jobs.queue import job_events
from workspace.jobs.queue.job import CancelledError, Job
from workspace.jobs.queue.job_events import WARM_UP, tell_of_job
from workspace.jobs.queue.job_queue import JobQueue


@pytest.fixture
def told(monkeypatch):
    """Events of this thread: the server's own queue may end some work meanwhile."""
    found, here = [], threading.current_thread()

    def record(event):
        if threading.current_thread() is here:
            found.append(event)

    monkeypatch.setattr(job_events, "tell", record)
    return found


@pytest.fixture
def changes():
    return []


@pytest.fixture
def queue(changes):
    made = JobQueue(on_change=lambda _, job: changes.append((job.status, job)))
    yield made
    made.stop()


def test_a_queue_says_when_work_is_asked_for_and_when_it_is_done(queue, changes):
    for _ in range(2):
        queue.submit(("case", "unet"), lambda report: "answer").future.result(timeout=10)
    queue.stop()
    assert changes[-1][0] == "done"
    assert len(changes) == 2  # asked for twice, done once
    job = changes[-1][1]
    assert job.seconds_waited >= 0
    assert job.seconds_run >= 0


def test_and_when_it_fails(queue, changes):
    def fail(report):
        raise ValueError("in the middle")

    job = queue.submit(("case", "unet"), fail)
    assert isinstance(job.future.exception(timeout=10), ValueError)
    queue.stop()
    assert changes[-1][0] == "failed"


def test_and_when_nobody_waits_for_it_any_more(queue, changes):
    queue.stop()  # so that it waits
    job = queue.submit(("case", "unet"), lambda report: None)
    assert queue.waiting == 1
    queue.cancel([("case", "unet")])
    assert isinstance(job.error, CancelledError)
    assert changes[-1][0] == "cancelled"
    assert queue.waiting == 0
    assert job.seconds_run is None


def ended(error=None) -> Job:
    job = Job(queued_at=1.0, begun_at=3.0, ended_at=7.5, started=True)
    if error is None:
        job.future.set_result("answer")
    else:
        job.future.set_exception(error)
    return job


@pytest.mark.parametrize(
    ("job", "event"),
    [
        (ended(), "done"),
        (ended(ValueError()), "failed"),
        (ended(CancelledError()), "cancelled"),
    ],
)
def test_what_became_of_an_answer_is_told(told, job, event):
    tell_of_job(("case", "transunet"), job)
    [found] = told
    assert (found.event, found.model) == (event, "transunet")
    assert (found.waited, found.seconds) == (2.0, 4.5)


def test_one_that_waits_has_no_seconds(told):
    tell_of_job(("case", "unet"), Job())
    [found] = told
    assert (found.event, found.waited, found.seconds) == ("queued", None, None)


@pytest.mark.parametrize(
    "key", [(WARM_UP, "unet"), ("case", "probabilities of unet"), "unet", ("case", ("unet", "x"))]
)
def test_of_other_work_nothing_is_told(told, key):
    tell_of_job(key, ended())
    assert told == []
