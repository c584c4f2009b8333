"""How far a study has come follows from its events alone."""

from functools import reduce

import pytest

from inference.pacs.progress import after

TIME = "2026-03-01T10:00:0{}+00:00"


def told(*kinds):
    """The progress after events of these kinds, a second apart."""
    events = [
        {"event": kind, "time": TIME.format(number), "study": "1.2", **FACTS.get(kind, {})}
        for number, kind in enumerate(kinds)
    ]
    return reduce(after, events, None)


FACTS = {
    "answered": {"files": ["a.dcm"]},
    "sent": {"object": "1.2.3", "to": "PACS@x:1"},
    "refused": {"object": "1.2.4", "to": "PACS@x:1"},
}


@pytest.mark.parametrize(
    ("kinds", "stage"),
    [
        (("received",), "coming"),
        (("received", "complete"), "waiting"),
        (("received", "complete", "received"), "coming"),
        (("received", "complete", "started"), "answering"),
        (("received", "complete", "started", "interrupted"), "waiting"),
        (("received", "complete", "started", "answered"), "answered"),
        (("received", "complete", "started", "answered", "sent"), "answered"),
        (("received", "complete", "started", "answered", "done"), "done"),
        (("received", "failed"), "failed"),
        (("received", "failed", "received"), "coming"),
        (("received", "complete", "something new"), "waiting"),
    ],
)
def test_the_stage_is_what_is_to_be_done_next(kinds, stage):
    assert told(*kinds).stage == stage


@pytest.mark.parametrize("end", ["done", "failed"])
def test_images_that_come_while_it_is_answered_make_it_come_again(end):
    during = told("received", "complete", "started", "received", "answered")
    assert (during.stage, during.more) == ("answered", True)
    afterwards = told("received", "complete", "started", "received", "answered", end)
    assert (afterwards.stage, afterwards.more) == ("coming", False)


def test_attempts_count_those_that_ended_without_a_word():
    begun = ("received", "complete", "started")
    assert told(*begun, "started", "started").attempts == 3
    assert told(*begun, "interrupted", "started").attempts == 1
    assert told(*begun, "started", "failed", "received").attempts == 0


def test_what_was_sent_is_remembered_and_what_was_refused_is_tried_when_it_comes_again():
    first = ("received", "complete", "started", "answered", "sent", "refused")
    assert told(*first).sent == {("PACS@x:1", "1.2.3")}
    assert told(*first).refused == {("PACS@x:1", "1.2.4")}
    again = told(*first, "failed", "received")
    assert again.sent == {("PACS@x:1", "1.2.3")}
    assert again.refused == frozenset()


def test_who_came_first_is_answered_first_also_when_more_came():
    assert told("received", "complete", "received").since.second == 0
    assert told("received", "failed", "received").since.second == 2
