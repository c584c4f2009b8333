"""The ledger says the same as its journal, also after a restart."""

import datetime

import pytest

from inference.pacs.journal import Journal
from inference.pacs.ledger import Ledger


@pytest.fixture
def file(tmp_path):
    return tmp_path / "journal.jsonl"


def test_a_new_process_knows_as_much(file):
    ledger = Ledger(Journal(file))
    ledger.record("received", "1.1", sender="PACS")
    ledger.record("received", "1.2", sender="PACS")
    ledger.record("complete", "1.2", objects=3, bytes=9)
    ledger.record("failed", "1.1", sentence="No.")
    again = Ledger(Journal(file))
    for each in (ledger, again):
        assert each.at("waiting", "coming") == ["1.2"]
        assert each.unfinished() == {"1.2"}
        assert each.progress("1.1").stage == "failed"
        assert each.progress("1.3") is None
    assert again.progress("1.2") == ledger.progress("1.2")


def test_whoever_wants_to_is_told(file):
    told = []
    Ledger(Journal(file), told.append).record("failed", "1.1", sentence="No.")
    [event] = told
    assert (event["event"], event["study"], event["sentence"]) == ("failed", "1.1", "No.")
    assert datetime.datetime.fromisoformat(event["time"]).tzinfo is not None


def test_what_was_finished_long_ago_is_forgotten(file):
    ledger = Ledger(Journal(file))
    for study, kind in (("1.1", "done"), ("1.2", "complete")):
        ledger.record("received", study, sender="PACS")
        ledger.record(kind, study)
    assert ledger.forget(datetime.timedelta(hours=1)) == []
    assert ledger.forget(datetime.timedelta(seconds=-2)) == ["1.1"]
    assert ledger.progress("1.1") is None
    assert [each["study"] for each in Journal(file).events()] == ["1.2", "1.2"]
