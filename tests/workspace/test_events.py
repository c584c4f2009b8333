"""One line for each event, with nothing of what a visitor brought."""

import io
import json
import logging
from dataclasses import fields

import pytest

from common.errors import InputError
from inference.io.cases.case_files import open_cases
from workspace import events
from workspace.events import Event, refusals_told, tell, totals
from workspace.open_case import open_files

MODEL = "edge_unet"


@pytest.fixture
def lines(monkeypatch):
    """What is written to the log, line by line, as it is read from JSON."""
    written = io.StringIO()
    monkeypatch.setattr(events._log, "handlers", [logging.StreamHandler(written)])
    # The server's own queue may end a model's work meanwhile: of models, Edge U-Net alone.
    return lambda: [
        line
        for line in map(json.loads, written.getvalue().splitlines())
        if line.get("model") in (None, MODEL)
    ]


def test_a_line_has_a_time_and_what_is_known(lines):
    tell(Event(event="done", model=MODEL, seconds=1.23456, waited=0.5))
    [line] = lines()
    assert line.pop("time").endswith("+00:00")
    assert line == {"event": "done", "model": MODEL, "seconds": 1.235, "waited": 0.5}


def test_an_event_has_no_place_for_free_text():
    assert {each.name for each in fields(Event) if "str" in str(each.type)} == {"model"}


def test_what_happens_is_counted():
    before = totals().get(("done", MODEL), events.Total(0, 0.0))
    tell(Event(event="done", model=MODEL, seconds=2.0))
    after = totals()["done", MODEL]
    assert (after.number - before.number, after.seconds - before.seconds) == (1, 2.0)


def test_an_opened_case_is_told_of_by_its_size_alone(lines, small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        open_files(files)
        open_files(files)
    lines = [line for line in lines() if line["event"] == "opened"]
    assert len(lines) == 1  # the same case again is nothing new
    assert set(lines[0]) == {"time", "event", "seconds", "voxels", "modalities"}
    assert lines[0]["voxels"] == 64 * 64 * 32
    assert lines[0]["modalities"] == 4


def test_of_a_refusal_the_log_does_not_learn_why(lines):
    with pytest.raises(InputError), refusals_told():
        raise InputError("Doe_Jane.nii.gz is no image.")
    [line] = lines()
    assert line["event"] == "refused"
    assert "Doe" not in json.dumps(line)
