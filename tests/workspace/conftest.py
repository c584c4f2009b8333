import pytest
import streamlit as st

from inference.io.cases.case_files import open_cases
from tests.workspace.jobs.held_models import held_models
from workspace.jobs import segmentation
from workspace.open_case import open_files


@pytest.fixture(scope="module")
def opened(small_case_folder):
    """The small case, opened by a visitor who has nothing else."""
    with pytest.MonkeyPatch.context() as patch, open_cases([small_case_folder]) as (files,):
        patch.setattr(st, "session_state", {})
        return open_files(files)


@pytest.fixture
def models(monkeypatch):
    with held_models(monkeypatch) as held:
        yield held


@pytest.fixture
def visitor(monkeypatch):
    """Become one visitor or another."""
    states = {}

    def become(who):
        monkeypatch.setattr(segmentation, "this_visitor", lambda: who)
        monkeypatch.setattr(st, "session_state", states.setdefault(who, {}))

    become("first")
    return become
