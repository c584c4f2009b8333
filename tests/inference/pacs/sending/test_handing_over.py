"""The files of one case are sent while somebody waits, with patience that ends."""

import pytest

from common.errors import InputError
from inference.pacs.sending.handing_over import hand_over
from tests.inference.pacs.made_up import MadeUp, write_objects


@pytest.fixture
def files(tmp_path):
    return write_objects(tmp_path)


def test_what_is_not_taken_is_sent_again_and_nothing_else(files):
    there, slept = MadeUp(None, "full", "gone", None), []
    hand_over(files, there, waits=(1, 2), sleep=slept.append)
    assert there.taken == ["9.dcm", "8.dcm", "7.dcm"]
    assert slept == [1]


def test_in_the_end_it_says_what_was_not_taken(files):
    with pytest.raises(InputError, match=r"did not take 2 of 3 files: no connection\. They are in"):
        hand_over(files, MadeUp(None, "gone", "gone"), waits=(0,))


def test_what_is_refused_is_named_at_once(files):
    slept = []
    with pytest.raises(InputError, match=r"refused 8\.dcm: not mine"):
        hand_over(files, MadeUp(None, "not mine"), sleep=slept.append)
    assert slept == []
