"""One study after the other is answered, and what goes wrong has a sentence."""

import pytest

from common.errors import InputError
from inference.pacs.answering import Answering
from inference.pacs.inbox import Inbox
from inference.pacs.journal import Journal
from inference.pacs.ledger import Ledger
from model_zoo.errors import WeightsError
from tests.inference.pacs.listening import events


class Desk:
    """Answering with its neighbours, over studies of one image each."""

    def __init__(self, folder):
        self.folder = folder
        self.ledger = Ledger(Journal(folder / "journal.jsonl"))
        self.inbox = Inbox(folder / "inbox", 10_000)

    def wait(self, study):
        file = self.folder / "came.dcm"
        file.write_bytes(b"x")
        self.inbox.take(file, study, "1")
        self.ledger.record("received", study, sender="PACS")
        self.ledger.record("complete", study, objects=1, bytes=1)

    def answering(self, answer):
        return Answering(self.ledger, self.inbox, self.folder, answer)

    def sentence(self):
        return events(self.folder, "failed")[-1]["sentence"]


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


def two_files(images, folder):
    assert [each.name for each in images.iterdir()] == ["1.dcm"]
    files = [folder / name for name in ("b.dcm", "a.dcm")]
    for file in files:
        file.write_text(images.name)
    return files


def test_the_oldest_first_and_the_order_of_sending_is_kept(desk):
    for study in ("1.2", "1.1"):
        desk.wait(study)
    answering = desk.answering(two_files)
    assert [answering.step() for _ in range(3)] == [True, True, False]
    assert [(e["study"], e["files"]) for e in events(desk.folder, "answered")] == [
        ("1.2", ["b.dcm", "a.dcm"]),
        ("1.1", ["b.dcm", "a.dcm"]),
    ]
    assert (desk.folder / "1.2" / "a.dcm").read_text() == "1.2"
    assert desk.inbox.studies() == set()


def test_results_appear_whole_and_take_the_place_of_earlier_ones(desk):
    (desk.folder / "1.1").mkdir()
    (desk.folder / "1.1" / "old.dcm").touch()

    def answer(images, folder):
        (folder / "new.dcm").touch()
        assert [each.name for each in (desk.folder / "1.1").iterdir()] == ["old.dcm"]
        return []

    desk.wait("1.1")
    desk.answering(answer).step()
    assert [each.name for each in (desk.folder / "1.1").iterdir()] == ["new.dcm"]
    assert not (desk.folder / ".1.1").exists()


def raising(error):
    def answer(images, folder):
        (folder / "half.dcm").touch()
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (InputError("No MR images\nwere found."), "No MR images were found."),
        (InputError("1) 12.03.2024, 3 series"), "1) , 3 series"),
        (ValueError("Doe^Jane"), "Internal error (ValueError)."),
        (MemoryError(), "Internal error (MemoryError)."),
    ],
)
def test_what_cannot_be_answered_fails_with_a_sentence_and_the_next_goes_on(desk, error, sentence):
    desk.wait("1.1")
    assert desk.answering(raising(error)).step()
    assert desk.sentence() == sentence
    assert (desk.inbox.studies(), list(desk.folder.glob("*1.1"))) == (set(), [])
    desk.wait("1.2")
    assert desk.answering(two_files).step()
    assert events(desk.folder, "answered")


def test_without_weights_it_ends_and_the_study_goes_on_waiting(desk):
    desk.wait("1.1")
    with pytest.raises(WeightsError):
        desk.answering(raising(WeightsError("none"))).step()
    assert desk.ledger.progress("1.1").stage == "waiting"
    assert desk.inbox.count("1.1") == 1


def test_a_study_over_which_the_process_dies_is_given_up(desk):
    desk.wait("1.1")
    for _ in range(3):
        desk.ledger.record("started", "1.1")
    assert desk.answering(two_files).step()
    assert desk.sentence() == "The program ended 3 times while it answered this study."


def test_an_orderly_end_is_no_attempt(desk):
    desk.wait("1.1")
    for _ in range(5):
        desk.ledger.record("started", "1.1")
        desk.answering(two_files).put_back()
    assert desk.answering(two_files).step()
    assert events(desk.folder, "answered")


def test_images_stay_where_more_came_meanwhile(desk):
    def answer(images, folder):
        desk.ledger.record("received", "1.1", sender="PACS")
        return []

    desk.wait("1.1")
    desk.answering(answer).step()
    assert desk.inbox.count("1.1") == 1
    assert desk.ledger.progress("1.1").more
