import contextlib
import gc
import subprocess
import sys
import threading
import time
import weakref
from types import SimpleNamespace

import pytest

from common.errors import InputError
from tests.workspace.jobs.held_models import until
from workspace.jobs.queue import kept_jobs
from workspace.jobs.queue.job import CancelledError
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.queue.places import Places
from workspace.jobs.result_cache import KEPT_SECONDS


def wait(job):
    with contextlib.suppress(RuntimeError, CancelledError):
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


def test_what_visitors_wait_with_for_more_is_kept_for_all_of_them(monkeypatch):
    """Else each page would ask anew for what the next one's took the place of, without end."""
    here = {"one", "two", "three", "gone"}
    queue, runs = JobQueue(max_remembered=2, is_here=here.__contains__), []
    for _ in range(3):
        for who in ("gone", "one", "two", "three"):
            work = lambda _, who=who: runs.append(who)  # noqa: E731
            if who in here:
                wait(queue.submit(who, work, who=who))
        here.discard("gone")
    assert runs == ["gone", "one", "two", "three"]
    assert queue.find("gone") is None
    monkeypatch.setattr(kept_jobs, "LOOKED_AT_SECONDS", -1.0)  # long ago
    wait(queue.submit("another", lambda _: "new", who="three"))
    assert queue.find("one") is None
    assert queue.find("another").result == "new"


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


class Held:
    """Work that reports its progress over and over until it may finish or has to stop."""

    def __init__(self):
        self.running, self.gate = threading.Event(), threading.Event()
        self.runs = 0

    def __call__(self, report):
        self.runs += 1
        while not self.gate.is_set():
            report(0.5)
            self.running.set()
            time.sleep(0.002)
        return f"answer {self.runs}"


@pytest.fixture
def held():
    work = Held()
    yield work
    work.gate.set()


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(held):
    queue, runs = JobQueue(), []
    first = queue.submit("a", held)
    second = queue.submit("b", lambda _: runs.append("b"))
    queue.cancel(["b"])
    assert second.status == "cancelled"
    held.gate.set()
    assert wait(first).status == "done"
    wait(queue.submit("c", lambda _: runs.append("c")))
    assert runs == ["c"]


def test_a_running_job_stops_at_its_next_report_and_the_next_begins(held):
    queue = JobQueue()
    first = queue.submit("a", held)
    held.running.wait(5)
    second = queue.submit("b", lambda _: "next")
    queue.cancel(["a"])
    assert wait(second).result == "next"
    assert first.status == "cancelled"
    assert held.runs == 1


def test_a_cancelled_job_asked_for_again_is_done_anew(held):
    queue = JobQueue()
    first = queue.submit("a", held)
    held.running.wait(5)
    queue.cancel(["a"])
    second = queue.submit("a", lambda _: "whole")
    assert second is not first
    assert wait(second).result == "whole"


def test_what_another_visitor_waits_for_goes_on(held):
    queue = JobQueue()
    first = queue.submit("a", held, who="one")
    assert queue.submit("a", held, who="two") is first
    waiting = queue.submit("b", lambda _: "b", who="one")
    queue.submit("b", lambda _: "never", who="two")
    held.running.wait(5)
    queue.cancel(["a", "b"], who="one")
    assert (first.status, waiting.status) == ("running", "waiting")
    assert queue.asked_by("one") == []
    assert queue.asked_by("two") == ["a", "b"]
    held.gate.set()
    assert (wait(first).result, wait(waiting).result) == ("answer 1", "b")


def test_the_last_who_waits_cancels_for_good(held):
    queue = JobQueue()
    job = queue.submit("a", held, who="one")
    queue.submit("a", held, who="two")
    held.running.wait(5)
    queue.cancel(["a"], who="one")
    queue.cancel(["a"], who="two")
    wait(job)
    assert job.status == "cancelled"


def test_work_for_those_who_have_left_holds_nobody_up(held):
    gone, order = set(), []
    queue = JobQueue(is_here=lambda who: who not in gone)
    first = queue.submit("a", held, who="stays")
    left = queue.submit("b", lambda _: order.append("b"), who="leaves")
    both = queue.submit("c", lambda _: order.append("c"), who="leaves")
    queue.submit("c", lambda _: None, who="stays")
    gone.add("leaves")
    held.gate.set()
    wait(first)
    wait(both)
    assert order == ["c"]
    assert left.status == "cancelled"


def test_a_cancel_counts_only_those_who_are_still_there(held):
    queue = JobQueue(is_here=lambda who: who != "left")
    job = queue.submit("a", held, who="left")
    queue.submit("a", held, who="here")
    held.running.wait(5)
    queue.cancel(["a"], who="here")
    assert wait(job).status == "cancelled"


def test_what_is_finished_is_not_lost_by_a_cancel():
    queue = JobQueue()
    job = wait(queue.submit("a", lambda _: "answer"))
    queue.cancel(["a", "nothing of this name"])
    assert job.status == "done"
    assert queue.submit("a", lambda _: "anew") is job


def test_an_answer_that_came_before_the_cancel_was_heard_is_kept():
    queue, running, gate = JobQueue(), threading.Event(), threading.Event()

    def deaf(_):
        running.set()
        gate.wait(5)
        return "answer"

    job = queue.submit("a", deaf)
    running.wait(5)
    queue.cancel(["a"])
    gate.set()
    assert wait(job).result == "answer"
    assert queue.find("a") is job


def test_work_aside_gives_way_to_all_that_waits(held):
    queue, order = JobQueue(), []
    first = queue.submit("a", held)
    aside = queue.submit("b", lambda _: order.append("aside"), aside=True)
    wanted = queue.submit("c", lambda _: order.append("wanted"))
    held.gate.set()
    for job in (first, aside, wanted):
        wait(job)
    assert order == ["wanted", "aside"]


def test_work_ahead_begins_before_what_waits_longer(held):
    queue, order = JobQueue(), []
    first = queue.submit("a", held)
    model = queue.submit("b", lambda _: order.append("model"))
    aside = queue.submit("c", lambda _: order.append("aside"), aside=True)
    ahead = [
        queue.submit(name, lambda _, name=name: order.append(name), ahead=True)
        for name in ("consensus", "next consensus")
    ]
    held.gate.set()
    for job in (first, model, aside, *ahead):
        wait(job)
    assert order == ["consensus", "next consensus", "model", "aside"]


def test_what_ran_ahead_counts_by_its_size():
    """A consensus is as large as a model's answer; of what is small more is kept."""
    queue = JobQueue(max_remembered=2)
    wait(queue.submit("model", lambda _: "large"))
    wait(queue.submit("quick look", lambda _: "small", ahead=True, small=True))
    for number in range(2):
        wait(queue.submit(number, lambda _: "large", ahead=True))
    queue.submit(1, lambda _: "large")
    assert queue.find("model") is None
    assert queue.find("quick look").status == "done"


def test_work_aside_takes_no_room_from_the_others():
    queue = JobQueue(max_remembered=1)
    job = wait(queue.submit("a", lambda _: "large"))
    for number in range(5):
        wait(queue.submit(number, lambda _: "small", aside=True))
    assert queue.find("a") is job


@pytest.mark.slow
def test_a_server_that_is_stopped_does_not_wait_for_its_jobs():
    """And ends well: a thread that dies inside torch takes the process down with an abort."""
    code = """
import time
from workspace.jobs.queue.server_queue import queue
import torch

def work(report):
    for _ in range(100_000):
        torch.randn(400, 400) @ torch.randn(400, 400)
        report(0.5)

for key in "abc":
    queue.submit(key, work)
time.sleep(0.2)
"""
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", code], check=True, timeout=240)
    assert time.monotonic() - start < 120


def test_when_nothing_waits_any_more_the_queue_says_so():
    rested, gate = threading.Semaphore(0), threading.Event()
    queue = JobQueue(on_idle=rested.release)
    queue.submit("first", lambda _: gate.wait())
    second = queue.submit("second", lambda _: None)
    gate.set()
    second.future.result(timeout=10)
    assert rested.acquire(timeout=10)
    assert not rested.acquire(timeout=0.2)  # not between the two


def test_a_queue_whose_rest_fails_goes_on():
    queue = JobQueue(on_idle=lambda: 1 / 0)
    for number in range(2):
        assert queue.submit(number, lambda _, n=number: n).future.result(timeout=10) == number


class Scan:
    """What work holds of a visitor."""

    def look(self, report):
        return "answer"

    def fail(self, report):
        try:
            raise KeyError("first")
        except KeyError as error:
            raise RuntimeError("no") from error


def test_a_failed_job_holds_nothing_of_what_it_did():
    scan = Scan()
    queue, held = JobQueue(), weakref.ref(scan)
    job = wait(queue.submit("a", scan.fail))
    assert str(job.error) == "no"
    del scan
    gc.collect()
    assert held() is None


def test_an_idle_queue_holds_nothing_of_what_it_did_last():
    rested, scan = threading.Event(), Scan()
    queue, held = JobQueue(on_idle=rested.set), weakref.ref(scan)
    wait(queue.submit("a", scan.look))
    assert rested.wait(5)
    del scan
    gc.collect()
    assert held() is None


def test_what_nobody_has_asked_for_in_an_hour_is_forgotten(monkeypatch, held):
    now = [1000.0]
    monkeypatch.setattr(kept_jobs, "time", SimpleNamespace(monotonic=lambda: now[0]))
    queue = JobQueue()
    job = wait(queue.submit("a", lambda _: "answer"))
    queue.submit("at work", held)
    now[0] += KEPT_SECONDS - 1
    assert queue.submit("a", held) is job
    now[0] += KEPT_SECONDS - 1
    queue.evict_expired()
    assert queue.find("a") is job
    now[0] += 2
    queue.evict_expired()
    assert queue.find("a") is None
    assert queue.find("at work")


def test_what_other_machines_do_waits_for_a_place_there_and_not_for_each_other():
    gate, order = threading.Event(), []
    places = Places(lambda: True, lambda: 2)
    queue = JobQueue(places=places)

    def held(name):
        return lambda _: (order.append(name), gate.wait(20))

    jobs = [queue.submit(name, held(name), by_networks=True) for name in "abc"]
    until(lambda: len(order) == 2)
    assert wait(queue.submit("here", lambda _: "done here")).result == "done here"
    assert sorted(order) == ["a", "b"]
    assert jobs[2].status == "waiting"
    gate.set()
    assert [wait(job).status for job in jobs] == ["done"] * 3
    queue.stop()


def test_where_no_machine_can_be_reached_the_job_says_why():
    def fails(_):
        raise InputError("no cluster")

    queue = JobQueue(places=Places(lambda: True, lambda: 0))
    job = queue.submit("a", fails, by_networks=True)
    assert str(job.future.exception(timeout=5)) == "no cluster"
    queue.stop()
