"""What is chosen outlasts its page, also where the page is left before it was drawn anew."""

import streamlit as st
from streamlit.testing.v1 import AppTest

from workspace.session.widget_state import keep_what_was_chosen


def pages():
    import streamlit as st

    from workspace.session.widget_state import keep_what_was_chosen, kept_checkbox

    keep_what_was_chosen()
    if st.session_state.get("elsewhere"):
        st.text("elsewhere")
    else:
        st.text(kept_checkbox("Outline", "outline", first=True))


def test_what_was_chosen_as_the_page_was_left_is_there_on_return():
    page = AppTest.from_function(pages).run()
    page.checkbox[0].uncheck()
    page.session_state["elsewhere"] = True
    page.run()
    assert page.text[0].value == "elsewhere"
    page.session_state["elsewhere"] = False
    page.run()
    assert page.checkbox[0].value is False


def test_nothing_chosen_is_nothing_kept():
    before = dict(st.session_state)
    keep_what_was_chosen()
    assert dict(st.session_state) == before
