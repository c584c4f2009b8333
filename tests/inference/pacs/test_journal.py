"""A journal outlives its process, and a line that was cut off."""

import pytest

from common.errors import InputError
from inference.pacs.journal import Journal


def event(kind, study="1.2"):
    return {"time": "2026-03-01T10:00:00+00:00", "event": kind, "study": study}


@pytest.fixture
def file(tmp_path):
    return tmp_path / "made" / "journal.jsonl"


def test_another_process_finds_what_was_added(file):
    journal = Journal(file)
    journal.add(event("received"))
    journal.add(event("failed") | {"sentence": "Größe unbekannt."})
    assert Journal(file).events() == [
        event("received"),
        event("failed") | {"sentence": "Größe unbekannt."},
    ]


def test_a_line_that_was_cut_off_is_taken_off(file):
    Journal(file).add(event("received"))
    with file.open("ab") as stream:
        stream.write(b'{"time": "2026-03-01T')
    journal = Journal(file)
    journal.add(event("complete"))
    assert [each["event"] for each in journal.events()] == ["received", "complete"]


@pytest.mark.parametrize("line", ["nonsense", "[]", '{"event": "done"}', "7"])
def test_a_line_that_is_no_event_is_named(file, line):
    Journal(file).add(event("received"))
    with file.open("a") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(InputError, match=r"journal\.jsonl, line 2, is no event"):
        Journal(file).events()


def test_what_is_not_kept_is_gone_and_the_rest_goes_on(file):
    journal = Journal(file)
    for study in ("1", "2", "1"):
        journal.add(event("received", study))
    journal.keep_only(lambda each: each["study"] == "2")
    journal.add(event("done", "2"))
    assert [(each["event"], each["study"]) for each in Journal(file).events()] == [
        ("received", "2"),
        ("done", "2"),
    ]
