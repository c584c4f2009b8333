"""On whose frames a case that was prepared can be shown."""

from types import SimpleNamespace

import numpy as np
import pytest
import streamlit as st

from inference.geometry.coarser_grid import coarser_grid
from inference.preparation.template import grid_of
from workspace import own_frames
from workspace.held_cases import HeldCase
from workspace.own_frames import (
    AS_NETWORKS_SAW,
    as_shown,
    choose_frames,
    chosen_frames,
    frames_of,
    shrunk_to_mm,
)


def prepared(**shapes):
    sequences = {m: SimpleNamespace(grid=grid_of(s, np.eye(4))) for m, s in shapes.items()}
    came = SimpleNamespace(preparation=SimpleNamespace(sequences=sequences))
    return SimpleNamespace(came=came, key="case")


@pytest.fixture(autouse=True)
def session(monkeypatch):
    monkeypatch.setattr(st, "session_state", {})


SMALL = (10, 10, 10)


def test_a_case_that_was_left_as_it_came_has_one_way_to_be_shown(opened):
    assert frames_of(opened) == ()
    assert chosen_frames(opened) == AS_NETWORKS_SAW
    assert as_shown(opened) is opened


def test_the_t1c_comes_first_and_without_it_the_t1():
    assert frames_of(prepared(flair=SMALL, t1=SMALL, t1c=SMALL)) == ("t1c", "t1", "flair")
    assert chosen_frames(prepared(flair=SMALL, t1=SMALL)) == "t1"


def test_of_a_large_image_it_is_known_at_what_size_it_is_shown():
    case = prepared(t1c=SMALL, flair=SMALL)
    grid = grid_of((20, 20, 20), np.diag([0.5, 0.5, 0.6, 1.0]))
    sequences = case.came.preparation.sequences
    sequences["t1c"] = SimpleNamespace(grid=coarser_grid(grid, (10, 10, 10)))
    assert shrunk_to_mm(case, "t1c") == pytest.approx(1.2)
    assert shrunk_to_mm(case, "flair") is None


def test_what_was_chosen_is_kept_and_made_once(monkeypatch):
    case, made = prepared(t1c=SMALL, flair=SMALL), []
    st.session_state["open_case"] = HeldCase(case)

    def on_frames(opened, frames):
        made.append(frames)
        return SimpleNamespace(key=own_frames._key_on(opened, frames))

    monkeypatch.setattr(own_frames, "on_frames", on_frames)
    assert as_shown(case) is as_shown(case)
    choose_frames(case, "flair")
    as_shown(case)
    choose_frames(case, AS_NETWORKS_SAW)
    assert as_shown(case) is case
    assert made == ["t1c", "flair"]


def test_a_choice_of_another_case_is_none_of_this():
    choose_frames(SimpleNamespace(key="other"), "flair")
    assert chosen_frames(prepared(t1c=SMALL, flair=SMALL)) == "t1c"
