"""What is taken in, what is left out, and what is turned away."""

import shutil

import pytest

from inference.pacs.arrivals import Arrivals
from inference.pacs.inbox import Inbox, Limits
from inference.pacs.journal import Journal
from inference.pacs.ledger import Ledger
from inference.pacs.reception import CANNOT_UNDERSTAND, OUT_OF_RESOURCES, SUCCESS, Reception
from tests.inference.dicom.made import MR, dataset, uid, write
from tests.inference.pacs.listening import events

SEG = "1.2.840.10008.5.1.4.1.1.66.4"
STUDY = uid("P1", "study")


class Place:
    """A reception with its neighbours, and a sender."""

    def __init__(self, folder, limits):
        self.folder, self.limits = folder, limits
        self.restart()

    def restart(self):
        self.ledger = Ledger(Journal(self.folder / "journal.jsonl"))
        self.inbox = Inbox(self.folder / "inbox", self.limits.inbox_bytes)
        self.now = 0.0
        self.arrivals = Arrivals(10, lambda: self.now)
        self.reception = Reception(self.ledger, self.inbox, self.arrivals, self.limits)
        self.reception.resume()

    def send(self, index=0, *, study="study", association="a", sop_class=MR, edit=None):
        ds = dataset(index, study=study)
        if edit:
            edit(ds)
        file = write(ds, self.folder / "came.dcm")
        return self.reception.store(file, sop_class, association, "PACS")

    def end(self, association="a"):
        """The association ends, and a quiet time passes."""
        self.reception.closed(association, broken=False)
        self.now += 10
        self.reception.complete()

    def kinds(self):
        return [each["event"] for each in events(self.folder)]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path, Limits(inbox_bytes=1_000_000, studies=2))


@pytest.fixture
def small_place(tmp_path):
    """Where three images of a study find room, and no study may begin beside two."""
    size = write(dataset(0), tmp_path / "size.dcm").stat().st_size
    return Place(tmp_path, Limits(inbox_bytes=int(3.2 * size)))


def test_a_study_comes_and_is_complete(place):
    assert [place.send(index) for index in range(3)] == [SUCCESS] * 3
    assert place.kinds() == ["received"]
    place.end()
    assert place.kinds() == ["received", "complete"]
    [complete] = events(place.folder, "complete")
    assert (complete["study"], complete["objects"]) == (STUDY, 3)
    assert complete["bytes"] == place.inbox.bytes(STUDY)


def test_nothing_of_a_patient_is_written_down(place):
    place.send()
    place.end()
    text = (place.folder / "journal.jsonl").read_text()
    assert "received" in text
    for word in ("Doe", "Jane", "P1", "2024"):
        assert word not in text.replace(STUDY, "")
    assert [file.stem for file in place.inbox.folder(STUDY).iterdir()] == [
        dataset(0).SOPInstanceUID
    ]


def test_what_nobody_reads_is_left_out(place):
    assert place.send(sop_class=SEG) == SUCCESS
    assert place.kinds() == []
    assert place.inbox.studies() == set()


@pytest.mark.parametrize("tag", ["StudyInstanceUID", "SOPInstanceUID"])
@pytest.mark.parametrize("value", ["", "../../etc", "1.2.x"])
def test_an_object_without_a_proper_uid_is_not_understood(place, tag, value):
    good = dataset(0)[tag].value.encode()
    file = write(dataset(0), place.folder / "came.dcm")
    file.write_bytes(file.read_bytes().replace(good, value.encode().ljust(len(good), b"\0")))
    assert place.reception.store(file, MR, "a", "PACS") == CANNOT_UNDERSTAND
    assert place.kinds() == []


def test_a_file_that_is_damaged_is_not_understood(place):
    file = place.folder / "came.dcm"
    file.write_bytes(b"\0" * 128 + b"DICM" + b"\xff" * 40)
    assert place.reception.store(file, MR, "a", "PACS") == CANNOT_UNDERSTAND


def test_no_more_studies_than_allowed_until_one_is_finished(place):
    assert [place.send(study=name) for name in ("A", "B", "C")] == [
        SUCCESS,
        SUCCESS,
        OUT_OF_RESOURCES,
    ]
    assert place.send(1, study="A") == SUCCESS
    place.ledger.record("failed", uid("P1", "A"), sentence="No.")
    assert place.send(study="C") == SUCCESS


def test_an_object_that_is_too_large_is_turned_away(place):
    place.reception._limits = Limits(object_bytes=100)
    assert place.send() == OUT_OF_RESOURCES


def test_no_new_study_where_there_is_little_room(small_place):
    assert [small_place.send(index, study="A") for index in range(2)] == [SUCCESS] * 2
    assert small_place.send(study="B") == OUT_OF_RESOURCES
    small_place.end()
    assert small_place.ledger.progress(uid("P1", "A")).stage == "waiting"


def test_a_study_that_cannot_come_whole_is_not_answered_in_part(small_place):
    statuses = [small_place.send(index) for index in range(5)]
    assert statuses == [SUCCESS] * 3 + [OUT_OF_RESOURCES] * 2
    assert small_place.inbox.bytes() == 0
    small_place.end()
    assert small_place.kinds() == ["received", "failed"]
    assert "--max-inbox" in events(small_place.folder, "failed")[0]["sentence"]
    # Over another association it may come again.
    assert small_place.send(association="b") == SUCCESS


def test_the_same_image_again_changes_nothing_and_another_makes_it_wait_again(place):
    place.send(0)
    place.end()
    assert place.send(0, association="b") == SUCCESS
    assert place.ledger.progress(STUDY).stage == "waiting"
    place.send(1, association="b")
    assert place.ledger.progress(STUDY).stage == "coming"
    place.end("b")
    assert events(place.folder, "complete")[-1]["objects"] == 2


def test_what_comes_while_it_is_answered_is_answered_after(place):
    place.send(0)
    place.end()
    place.ledger.record("started", STUDY)
    place.send(1, association="b")
    place.end("b")
    assert place.ledger.progress(STUDY).stage == "answering"
    place.ledger.record("answered", STUDY, files=[])
    place.ledger.record("done", STUDY)
    place.reception.complete()
    assert place.kinds()[-3:] == ["answered", "done", "complete"]


def test_after_a_restart_what_was_coming_is_waited_for_longer(place):
    place.send(0)
    place.restart()
    place.now = 99
    place.reception.complete()
    assert place.ledger.progress(STUDY).stage == "coming"
    place.now = 100
    place.reception.complete()
    assert place.ledger.progress(STUDY).stage == "waiting"


def test_after_a_restart_images_that_nothing_is_done_with_are_gone(place):
    place.send(0)
    place.end()
    place.ledger.record("done", STUDY)
    place.restart()
    assert place.inbox.studies() == set()


def test_a_study_whose_images_are_gone_fails(place):
    place.send(0)
    shutil.rmtree(place.inbox.folder(STUDY))
    place.end()
    assert place.kinds() == ["received", "failed"]
