"""What a run finds of the runs before it."""

import json

import pytest

from common.errors import InputError
from inference.cli.cohort.identity import Identity
from inference.cli.cohort.ledger import MANIFEST, RECORD, Ledger

MADE_WITH = {"options": {"model": "unet"}, "weights": {"unet": {"sha256": "a"}}}
P1 = Identity("P1", "/data/P1", "files", "P1")


def line(state="done", name="P1"):
    return {"case": name, "state": state}


def record(**others):
    known = {"case": "P1", "where": P1.where, "what": P1.what, **MADE_WITH, "written": []}
    return known | others


@pytest.fixture
def reopened(tmp_path):
    """Adds a line and a record, and opens the folder again as the next run does."""
    opened = []

    def reopen(new_line, new_record):
        ledger = Ledger(tmp_path)
        ledger.add(new_line, new_record)
        ledger.close()
        opened.append(Ledger(tmp_path))
        return opened[0]

    yield reopen
    for ledger in opened:
        ledger.close()


def test_what_is_done_is_not_done_again(reopened):
    ledger = reopened(line(), record())
    assert ledger.was_done("P1")
    assert ledger.why_again("P1", P1, MADE_WITH) == ""


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"what": "others"}, "files have changed"),
        ({"options": {"model": "all", "onto": "t2"}}, "other options (model, onto)"),
        ({"weights": {"unet": {"sha256": "b"}}}, "other weights (unet)"),
        ({"written": ["P1/unet.nii.gz"]}, "results are gone"),
    ],
)
def test_what_was_done_otherwise_is_done_again(reopened, changed, why):
    assert reopened(line(), record(**changed)).why_again("P1", P1, MADE_WITH) == why


@pytest.mark.parametrize("state", ["failed", "skipped"])
def test_what_was_not_done_is_tried_again(reopened, state):
    assert not reopened(line(state), record()).was_done("P1")


def test_a_record_without_its_line_is_of_a_case_that_is_not_done(reopened, tmp_path):
    ledger = reopened(line(), record())
    ledger.leave_out({"P1"})
    assert not ledger.was_done("P1")
    assert (tmp_path / MANIFEST).read_text() == ""
    assert ledger.names([P1]) == ["P1"]


def test_a_torn_last_line_is_dropped(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.add(line(), record())
    ledger.close()
    for file in (MANIFEST, RECORD):
        with (tmp_path / file).open("a") as stream:
            stream.write('{"case": "P2", "st')
    again = Ledger(tmp_path)
    again.add(line(name="P3"), None)
    again.close()
    assert [json.loads(each)["case"] for each in (tmp_path / MANIFEST).open()] == ["P1", "P3"]


@pytest.mark.parametrize("text", ["nonsense", "7", '{"case": "P1"}', '["case", "state"]'])
def test_a_line_of_something_else_is_named(tmp_path, text):
    (tmp_path / MANIFEST).write_text(f"{text}\n")
    with pytest.raises(InputError, match=r"manifest\.jsonl, line 1, tells of no case"):
        Ledger(tmp_path)


def test_two_runs_do_not_share_a_folder(reopened, tmp_path):
    reopened(line(), record())
    with pytest.raises(InputError, match="Another run writes to"):
        Ledger(tmp_path)
