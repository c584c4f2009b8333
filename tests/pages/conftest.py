import time

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from inference.io.cases.case_files import open_cases
from model_zoo.registry import registry
from model_zoo.weights.provenance import EMBEDDED
from tests.conftest import ROOT
from workspace import open_case
from workspace.held_cases import HeldCase
from workspace.jobs import result_cache, segmentation
from workspace.open_case import OpenCase
from workspace.study import sample_study

SECONDS = 120
MODELS = ("U-Net", "ResNet34 U-Net", "TransUNet")
EMBEDDED_MODELS = [name for name in registry() if (EMBEDDED / name / "config.json").is_file()]


@pytest.fixture(autouse=True)
def _small_sample(monkeypatch, small_case_folder):
    """The sample of the pages is a coarse one: three models then answer within a second or two."""
    monkeypatch.setattr(open_case, "SAMPLE_FOLDER", small_case_folder)
    open_case._sample.cache_clear()
    yield
    open_case._sample.cache_clear()


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    """What a stand-in drew is measured for one test; the next may have another draw it."""
    with monkeypatch.context() as patch:
        patch.setattr(result_cache, "KEPT_SECONDS", -1.0)
        result_cache.evict_expired()


def in_session(value):
    """As a visitor's session holds it: a case that is open may be let go of."""
    return HeldCase(value) if isinstance(value, OpenCase) else value


def case_in(app):
    """The case that is open in a visitor's session."""
    return app.session_state["open_case"].look()


@pytest.fixture
def page():
    def run(name, **state):
        """Run a page, with these things in the session before it starts."""
        app = AppTest.from_file(ROOT / "pages" / f"{name}.py", default_timeout=SECONDS)
        for key, value in state.items():
            app.session_state[key] = in_session(value)
        return app.run()

    return run


# Runs a page unless the visitor is elsewhere: whatever its widgets held is then forgotten.
VISIT = """
import runpy
import streamlit as st
if not st.session_state.get("elsewhere"):
    runpy.run_path({page!r})
"""


@pytest.fixture
def visit():
    """Run a page that can be left and entered again, by :func:`come_back`."""

    def run(name, **state):
        page = str(ROOT / "pages" / f"{name}.py")
        app = AppTest.from_string(VISIT.format(page=page), default_timeout=SECONDS)
        for key, value in state.items():
            app.session_state[key] = in_session(value)
        return app.run()

    return run


def come_back(app):
    """Leave a page that :func:`visit` has run, and enter it again."""
    for elsewhere in (True, False):
        app.session_state["elsewhere"] = elsewhere
        app.run()
    assert not app.exception
    return app


def wait_for_jobs(queue):
    """Wait until nothing runs or waits: drawn sooner, a page would show the same as before."""
    time.sleep(0.02)
    deadline = time.monotonic() + SECONDS
    while queue.running or queue.waiting:
        assert time.monotonic() < deadline, "the jobs were not done"
        time.sleep(0.02)


@pytest.fixture
def settled():
    def wait(app):
        """Draw a page again, as its fragment does in a browser, until its models have answered."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            app.run()
            if app.dataframe and set(MODELS) <= set(app.dataframe[0].value["Model"]):
                return app
            if [button.label for button in app.button] == ["Try again"]:
                return app
            wait_for_jobs(segmentation.queue)
        raise AssertionError("the models did not answer")

    return wait


@pytest.fixture
def opened(small_case_folder):
    """A case as a visitor's upload leaves it."""
    with pytest.MonkeyPatch.context() as patch, open_cases([small_case_folder]) as (files,):
        patch.setattr(st, "session_state", {})
        return open_case.open_files(files)


@pytest.fixture(autouse=True)
def no_sample_study(monkeypatch, tmp_path):
    """As where the sample study was not generated."""
    monkeypatch.setattr(sample_study, "SAMPLE_STUDY", tmp_path / "not generated")
