import pytest
import streamlit as st

from tests.workspace.held_models import held_models
from workspace import segmentations


@pytest.fixture
def models(monkeypatch):
    with held_models(monkeypatch) as held:
        yield held


@pytest.fixture
def visitor(monkeypatch):
    """Become one visitor or another."""
    states = {}

    def become(who):
        monkeypatch.setattr(segmentations, "this_visitor", lambda: who)
        monkeypatch.setattr(st, "session_state", states.setdefault(who, {}))

    become("first")
    return become
