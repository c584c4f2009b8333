"""Images on disk are counted, bounded, and gone when they are not needed."""

import pytest

from inference.pacs.inbox import Inbox, is_uid


@pytest.fixture
def inbox(tmp_path):
    return Inbox(tmp_path / "inbox", max_bytes=1000)


@pytest.fixture
def put(tmp_path, inbox):
    def put(study, uid, size=100, byte=b"x"):
        file = tmp_path / "came.dcm"
        file.write_bytes(byte * size)
        if not inbox.holds(file, study, uid):
            inbox.take(file, study, uid)

    return put


@pytest.mark.parametrize("text", ["1.2.840.10008.1", "2.25.3", "0"])
def test_a_uid_may_name_a_file(text):
    assert is_uid(text)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "1..2", "1.2.", "../1", "1/2", "1.a", "1" * 65, "٣"]
)
def test_anything_else_may_not(text):
    assert not is_uid(text)


def test_what_is_there_is_counted_after_a_restart_too(tmp_path, inbox, put):
    put("1.1", "1.1.1")
    put("1.1", "1.1.2", 50)
    put("1.2", "1.2.1", 20)
    for each in (inbox, Inbox(tmp_path / "inbox", max_bytes=1000)):
        assert each.studies() == {"1.1", "1.2"}
        assert (each.bytes(), each.bytes("1.1"), each.count("1.1")) == (170, 150, 2)
    inbox.remove("1.1")
    assert (inbox.bytes(), inbox.count("1.1"), inbox.studies()) == (20, 0, {"1.2"})


def test_an_object_that_changed_takes_the_place_of_the_first(inbox, put):
    put("1.1", "1.1.1", 100)
    put("1.1", "1.1.1", 70, b"y")
    assert (inbox.bytes(), inbox.count("1.1")) == (70, 1)


def test_a_new_study_needs_more_room_than_one_that_has_begun(inbox, put):
    put("1.1", "1.1.1", 700)
    assert inbox.has_room(50, new_study=True)
    assert not inbox.has_room(51, new_study=True)
    assert inbox.has_room(300, new_study=False)
    assert not inbox.has_room(301, new_study=False)
