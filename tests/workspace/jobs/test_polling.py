import gc
import weakref
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from playwright.sync_api import expect

from workspace.jobs import polling
from workspace.jobs.polling import poll
from workspace.open_case import remember

PAGE = Path(__file__).with_name("polling_page.py")
# Of a page that takes 4.5 s.
PATIENCE_MS = 30_000


@pytest.mark.browser
def test_a_call_that_a_busy_server_answers_late_leaves_no_page_waiting(server_starter, browser):
    with server_starter(PAGE) as address:
        page = browser.new_page()
        page.goto(address)
        expect(page.get_by_text("Stage 3 of 3")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("It was slow.")).to_be_visible()
        page.close()


class DrawnAnewError(Exception):
    """A part asks for the whole page."""


@pytest.fixture
def kept(monkeypatch):
    """What Streamlit keeps of the parts of a page, to call them by."""
    parts = []

    def fragment(part, run_every):
        parts.append(part)
        return part

    def rerun():
        raise DrawnAnewError

    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(polling.st, "fragment", fragment)
    monkeypatch.setattr(polling.st, "rerun", rerun)
    return parts


@pytest.mark.parametrize("every", [1.0, None])
def test_what_streamlit_keeps_of_a_part_holds_no_case_that_was_let_go_of(kept, opened, every):
    drawn = []
    mine = remember(replace(opened, is_sample=False))
    gone, held = weakref.ref(mine), st.session_state["open_case"]
    poll(lambda case, words: drawn.append(words), mine, "first", every=every)
    del mine
    kept[0]()
    assert drawn == ["first", "first"]
    held.make_room()
    gc.collect()
    assert gone() is None
    with pytest.raises(DrawnAnewError):
        kept[0]()


def test_a_case_that_is_let_go_of_in_the_middle_is_drawn_to_the_end(kept, opened, monkeypatch):
    drawn = []
    remember(replace(opened, is_sample=False))
    poll(drawn.append, "first", every=1.0)
    held = st.session_state["open_case"]
    monkeypatch.setattr(polling, "current_case", held.make_room)
    kept[0]()
    assert drawn == ["first", "first"]


def test_where_no_case_is_open_a_part_stays(kept, opened):
    drawn = []
    poll(drawn.append, "a model", every=1.0)
    remember(replace(opened, is_sample=False))
    held = st.session_state["open_case"]
    held.make_room()
    kept[0]()
    poll(drawn.append, "another", every=None)
    kept[1]()
    assert drawn == ["a model", "a model", "another", "another"]
