import gc
import time
from dataclasses import replace

import pytest
import streamlit as st

from report.drawing.pictures import View
from workspace.case_results import export
from workspace.case_results.export import (
    Export,
    ExportOptions,
    current_export,
    drop_export,
    reader,
    start_export,
)

WISH = ExportOptions(
    "key", ("unet",), View("axial", "flair", 0), probabilities=True, agreement=False
)


@pytest.fixture(autouse=True)
def _session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    yield
    drop_export()


@pytest.fixture
def writing(monkeypatch):
    """A writer of one small file that goes on until it is let go, or is stopped."""
    free = []

    def write(record, folder, view, *, probabilities, objects, progress):
        for step in range(2000):
            progress(min(step / 100, 0.9))
            if free:
                break
            time.sleep(0.01)
        (folder / "a.txt").write_text(record)
        return {"zip": folder / "a.txt"}

    monkeypatch.setattr(export, "write_export", write)
    return free


def until(holds):
    for _ in range(1000):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to hold")


def test_progress_then_files_that_are_read_when_asked_for(writing):
    export = start_export("what it holds", WISH)
    assert current_export() is export
    until(lambda: export.progress > 0)
    assert not export.settled
    writing.append("go")
    until(lambda: export.settled)
    with reader(export.files["zip"])() as stream:
        assert stream.read() == b"what it holds"


def test_a_new_export_stops_the_old_one_and_deletes_its_files(writing):
    old = start_export("old", WISH)
    until(lambda: old.progress > 0)
    new = start_export("new", replace(WISH, probabilities=False))
    assert not old.folder.exists()
    writing.append("go")
    until(lambda: new.settled)
    assert new.error is None
    until(lambda: old.settled)
    assert isinstance(old.error, InterruptedError)
    assert not old.folder.exists()


def test_a_visitor_who_leaves_leaves_no_file(writing):
    writing.append("go")
    start_export("x", WISH)
    until(lambda: current_export().settled)
    folder = current_export().folder
    assert folder.exists()
    st.session_state.clear()
    gc.collect()
    assert not folder.exists()


def test_what_goes_wrong_is_told(monkeypatch):
    def fail(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write_export", fail)
    made = start_export("x", WISH)
    until(lambda: made.settled)
    assert "no room left on the disk" in str(made.error)
    assert not made.files


def test_dropping_nothing_is_allowed():
    drop_export()
    assert current_export() is None


def test_an_export_that_was_never_started_goes_too():
    export = Export(WISH)
    folder = export.folder
    del export
    gc.collect()
    assert not folder.exists()
