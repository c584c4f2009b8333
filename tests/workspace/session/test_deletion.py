"""What was put away is held by nothing, without another run of the page."""

import gc

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.held_content import HELD


def page():
    import streamlit as st

    from tests.support.held_content import new_content
    from workspace.desk.desk import clear_desk, desk
    from workspace.session.deletion import delete_now, goes_with_deletion

    goes_with_deletion(clear_desk)
    if st.button("Drop"):
        desk().rows.append(new_content())
        st.session_state["other"] = new_content()
    st.button("Clear", on_click=clear_desk)
    st.button("Delete", on_click=delete_now)


@pytest.fixture
def app():
    HELD.clear()
    run = AppTest.from_function(page, default_timeout=30).run()
    press(run, "Drop")
    run.run()  # by now Streamlit has it among what was there before
    assert not run.exception
    assert [each() for each in HELD].count(None) == 0
    return run


def press(app, label):
    next(each for each in app.button if each.label == label).click().run()


def left():
    gc.collect()
    return [each() is not None for each in HELD]


def test_a_desk_that_was_cleared_is_held_by_nothing(app):
    press(app, "Clear")
    assert left() == [False, True]


def test_nor_is_anything_that_was_deleted(app):
    press(app, "Delete")
    assert left() == [False, False]
    assert app.session_state["desk"].rows == []
