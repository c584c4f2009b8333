"""Answers are sent until they are taken, each once, and what is refused is told."""

import datetime

import pytest

from inference.pacs.journal import Journal
from inference.pacs.ledger import Ledger
from inference.pacs.sending import delivery as module
from inference.pacs.sending.delivery import Delivery
from tests.inference.pacs.listening import events
from tests.inference.pacs.made_up import MadeUp, write_objects

STUDY = "1.2"


class Office:
    """A delivery of one answered study."""

    def __init__(self, folder):
        self.folder = folder
        self.now = 0.0
        self.said = []
        self.ledger = Ledger(Journal(folder / "journal.jsonl"))
        self.answer(STUDY)

    def answer(self, study):
        files = write_objects(self.folder / study)
        self.ledger.record("received", study, sender="PACS")
        self.ledger.record("answered", study, files=[file.name for file in files])

    def to(self, destination):
        ledger = Ledger(Journal(self.folder / "journal.jsonl"))  # as a new process has it
        self.ledger = ledger
        return Delivery(
            ledger, self.folder, destination, clock=lambda: self.now, notify=self.said.append
        )

    def kinds(self):
        return [each["event"] for each in events(self.folder)][2:]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def test_in_order_and_once(office):
    there = MadeUp()
    sending = office.to(there)
    assert [sending.step(), sending.step()] == [True, False]
    assert there.taken == ["9.dcm", "8.dcm", "7.dcm"]
    assert office.kinds() == ["sent", "sent", "sent", "done"]
    assert {each["to"] for each in events(office.folder, "sent")} == {there.name}


def test_without_a_destination_results_stay_where_they_are(office):
    office.to(None).step()
    assert office.kinds() == ["done"]
    assert len(list((office.folder / STUDY).iterdir())) == 3


def test_what_was_sent_is_not_sent_again_after_trouble_nor_by_a_new_process(office):
    first = MadeUp(None, "gone")
    sending = office.to(first)
    assert not sending.step()
    assert office.said == ["no connection; the next try is in 5 s"]
    assert (first.taken, first.tried) == (["9.dcm"], 2)
    second = MadeUp()
    office.to(second).step()
    assert second.taken == ["8.dcm", "7.dcm"]
    assert office.kinds() == ["sent", "sent", "sent", "done"]


def test_each_wait_is_twice_the_one_before_up_to_ten_minutes(office):
    there = MadeUp(*["gone"] * 10)
    sending = office.to(there)
    waits = []
    for _ in range(10):
        sending.step()
        wait = float(office.said[-1].split()[-2])
        office.now += wait - 0.1
        before = there.tried
        sending.step()
        assert there.tried == before
        office.now += 0.1
        waits.append(wait)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    assert sending.step()
    assert office.kinds()[-1] == "done"


def test_others_are_sent_while_one_object_has_to_wait(office):
    office.answer("1.3")
    there = MadeUp("full")
    office.to(there).step()
    assert there.taken == ["8.dcm", "7.dcm", "9.dcm", "8.dcm", "7.dcm"]
    assert office.ledger.at("answered") == [STUDY]


def test_what_is_refused_does_not_keep_the_rest(office):
    there = MadeUp("it takes no objects of this kind")
    office.to(there).step()
    assert there.taken == ["8.dcm", "7.dcm"]
    assert office.kinds() == ["refused", "sent", "sent", "failed"]
    [refused] = events(office.folder, "refused")
    assert refused["sentence"] == "it takes no objects of this kind"
    [failed] = events(office.folder, "failed")
    assert failed["sentence"] == "PACS@made.up:104 refused 1 of 3 objects."


def test_a_study_that_cannot_be_sent_for_days_is_given_up(office, monkeypatch):
    monkeypatch.setattr(module, "_PATIENCE", datetime.timedelta(seconds=-9))
    office.to(MadeUp("gone")).step()
    assert office.kinds() == ["failed"]
    assert events(office.folder, "failed")[0]["sentence"] == (
        "PACS@made.up:104 did not take the results: no connection."
    )
    assert len(list((office.folder / STUDY).iterdir())) == 3


def test_results_that_were_deleted_are_told(office):
    (office.folder / STUDY / "8.dcm").unlink()
    office.to(MadeUp()).step()
    assert events(office.folder, "failed")[0]["sentence"] == "Its results are not there any more."
