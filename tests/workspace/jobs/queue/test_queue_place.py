"""Whose turn it is, and when: in words, before anything of a case has begun."""

import threading

import pytest

from workspace.jobs import pace
from workspace.jobs.queue import queue_place
from workspace.jobs.queue.job_events import WARM_UP, tell_of_job
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.queue.queue_place import QueuePlace, place_of


@pytest.fixture
def queue(monkeypatch):
    made = JobQueue(is_here=lambda who: who != "gone", on_change=tell_of_job)
    monkeypatch.setattr(queue_place, "queue", made)
    monkeypatch.setattr(pace, "_took", pace.defaultdict(lambda: pace.deque(maxlen=8)))
    yield made
    made.stop()


@pytest.fixture
def busy(queue):
    """A first visitor's case that has begun, and goes on until it is let."""
    begun, gate = threading.Event(), threading.Event()

    def work(report):
        begun.set()
        gate.wait(10)

    queue.submit(("first", "unet"), work, who="first")
    begun.wait(10)
    yield gate
    gate.set()


def ask(queue, who, *names, **kind):
    case = who.split()[0]
    return [queue.submit((case, name), lambda report: None, who=who, **kind) for name in names]


def test_a_case_stands_behind_all_that_came_before_it(queue, busy):
    second = ask(queue, "second", "unet", "transunet")
    third = ask(queue, "third", "unet", "transunet")
    assert [place_of(second).number, place_of(third).number] == [2, 3]
    ask(queue, "fourth", "quick look", ahead=True)
    assert [place_of(second).number, place_of(third).number] == [3, 4]


def test_what_gives_way_or_nobody_waits_for_is_not_before_it(queue, busy):
    ask(queue, "second", "explanation", aside=True)
    ask(queue, "gone", "unet")
    [third] = ask(queue, "third", "unet")
    assert place_of([third]).number == 2


def test_what_is_drawn_before_of_the_same_case_is_no_other(queue, busy):
    second = ask(queue, "second", "unet")
    ask(queue, "second", "quick look", ahead=True)
    assert place_of(second).number == 2
    assert place_of([]) is None


def test_what_has_begun_or_is_done_has_no_place(queue, busy):
    running = queue.find(("first", "unet"))
    later = queue.submit(("first", "transunet"), lambda report: None, who="first")
    assert place_of([running, later]) is None
    busy.set()
    later.future.result(timeout=10)
    assert place_of([running, later]) is None


def test_the_wait_is_what_such_work_took(queue, busy):
    [second] = ask(queue, "second", "unet")
    assert place_of([second]).seconds is None, "nobody knows it yet"
    pace._took["unet"] += [20.0, 30.0, 200.0]
    assert place_of([second]).seconds == pytest.approx(30, abs=5)
    [third] = ask(queue, "third", "unet")
    assert place_of([third]).seconds == pytest.approx(60, abs=5)


def test_what_loads_a_model_is_no_case_and_says_nothing_of_the_pace(queue):
    queue.submit((WARM_UP, "unet"), lambda report: None).future.result(timeout=10)
    queue.submit(("a", "unet"), lambda report: None, who="a").future.result(timeout=10)
    queue.stop()
    assert pace.usual_seconds(("b", "transunet")) is None
    assert len(pace._took["unet"]) == 1


@pytest.mark.parametrize(
    ("number", "seconds", "words"),
    [
        (1, 0.2, "next, about 5 s"),
        (2, None, "2nd in line"),
        (3, 11.0, "3rd in line, about 15 s"),
        (4, 88.0, "4th in line, about 90 s"),
        (11, 90.0, "11th in line, about 2 min"),
        (21, 121.0, "21st in line, about 3 min"),
    ],
)
def test_in_words(number, seconds, words):
    assert QueuePlace(number, seconds).words == words
