"""Pictures that speak against their headers: the question, and what follows from its answers."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from inference.study.appearance import Doubt
from inference.study.sources import DicomFiles
from tests.inference.dicom.made import write_series
from tests.workspace.study.conftest import PATIENCE_S
from workspace.study import study as study_module
from workspace.study.picture_question import as_they_look
from workspace.study.study import Study

SWAPPED = (
    Doubt("t2", "flair", "Fluid is dark in it."),
    Doubt("flair", "t2", "Fluid is bright in it."),
)
PAGE = """
import streamlit as st
from workspace.study.panel import show_study
st.session_state["shown"] = show_study(st.session_state["study"])
"""


def test_each_is_read_as_what_it_looks_like():
    chosen = {"t1": 0, "t2": 1, "flair": 2}
    assert as_they_look(chosen, SWAPPED) == {"t1": 0, "flair": 1, "t2": 2}


def test_what_nothing_looks_like_is_read_from_no_series():
    assert as_they_look({"t1c": 3, "t2": 1}, [Doubt("t2", "flair", "")]) == {"t1c": 3, "flair": 1}


class Prepared:
    """Stands for a preparation whose pictures speak against its headers."""

    settled, stopped, error = True, False, None

    def __init__(self, work, *, name):
        came = SimpleNamespace(preparation=SimpleNamespace(brain_ml=1300.0), doubts=SWAPPED)
        self.result = SimpleNamespace(opened=SimpleNamespace(came=came), pictures=())
        self.progress = SimpleNamespace(steps=[("mask", 2.0, True)], stop=lambda: None)


@pytest.fixture
def app(monkeypatch, tmp_path):
    write_series(tmp_path / "a", series="ax FLAIR", number=3)

    def as_t2(dataset, _):
        del dataset.InversionTime
        dataset.EchoTime, dataset.RepetitionTime = 94, 5100

    write_series(tmp_path / "b", series="ax T2", number=4, edit=as_t2)
    study = Study(DicomFiles((tmp_path,)))
    assert study.reading.wait(PATIENCE_S)
    monkeypatch.setattr(study_module, "BackgroundTask", Prepared)
    app = AppTest.from_string(PAGE, default_timeout=60)
    app.session_state["study"] = study
    app.run()
    assert not app.exception
    assert app.session_state["shown"] is None, "no case is shown while it is a question"
    return app


def test_both_readings_and_the_reasons_are_shown(app):
    assert any("do not look like" in warning.value for warning in app.warning)
    assert any("T2 looks like FLAIR" in caption.value for caption in app.caption)
    rows = [element.proto.body for element in app.get("html") if "image-row" in element.proto.body]
    readings = [("T2", "4  ax T2"), ("FLAIR", "3  ax FLAIR"), ("T2", "3  ax FLAIR")]
    for row, (modality, title) in zip(rows, readings, strict=False):
        assert f"<strong>{modality}</strong><ul><li>{title}" in row


def test_whoever_keeps_the_headers_is_shown_the_case_and_not_asked_again(app):
    app.button("as-read").click().run()
    assert app.session_state["shown"] is not None
    assert not app.warning


def test_whoever_believes_the_pictures_has_the_series_read_so(app):
    study = app.session_state["study"]
    before = study.choice(study.exam).chosen
    app.button("as-pictures").click().run()
    after = study.choice(study.exam).chosen
    assert (after["t2"], after["flair"]) == (before["flair"], before["t2"])
    assert any("do not look like" in warning.value for warning in app.warning), (
        "prepared anew, asked"
    )
    assert study.decided == {before["flair"]: "t2", before["t2"]: "flair"}
