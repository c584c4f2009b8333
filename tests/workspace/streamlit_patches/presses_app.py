"""Pages on a server that is slow: what is pressed stops the run of what was pressed before."""

import time

import streamlit as st
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner

from workspace.streamlit_patches.late_calls import answer_late_calls
from workspace.streamlit_patches.stopped_runs import keep_presses
from workspace.streamlit_patches.unseen_presses import keep_unseen_presses
from workspace.streamlit_patches.waiting_presses import keep_waiting_presses

LATE_SECONDS = 0.5


def count(what):
    st.session_state[what] = st.session_state.get(what, 0) + 1


def counted(what):
    st.write(f"{what} {st.session_state.get(what, 0)} times.")


def button(what):
    st.button(what, on_click=count, args=[what])


def part():
    button("In a part")


def waiting():
    """Its first run is slow once both buttons are there."""
    button("Outside")
    st.fragment(part)()
    counted("In a part")
    counted("Outside")
    st.write("Both are here.")
    if "was slow" not in st.session_state:
        st.session_state["was slow"] = True
        time.sleep(4)


def beginning():
    """Its runs begin late, as of any page here."""
    button("First")
    button("Second")
    counted("First")
    counted("Second")


def unseen():
    """It takes a second to come to the lower button."""
    button("Above")
    time.sleep(1)
    if st.button("Below"):
        count("Below")
    counted("Above")
    counted("Below")
    if "gone" not in st.session_state and st.button("Vanishing"):
        count("Vanishing")
    st.button("Hide", on_click=lambda: st.session_state.update(gone=True))
    st.button("Show", on_click=lambda: st.session_state.pop("gone"))
    counted("Vanishing")


def acted():
    """Its button acts at once; the rest takes a second."""
    if st.button("Act"):
        count("Act")
    counted("Act")
    button("Meanwhile")
    time.sleep(1)
    counted("Meanwhile")


def begin_late():
    begin = ScriptRunner._run_script_thread

    def late(runner):
        time.sleep(LATE_SECONDS)
        begin(runner)

    ScriptRunner._run_script_thread = late


if not hasattr(ScriptRunner, "is_late"):
    ScriptRunner.is_late = True
    begin_late()
answer_late_calls()
keep_presses()
keep_waiting_presses()
keep_unseen_presses()
st.navigation([st.Page(page) for page in (waiting, beginning, unseen, acted)]).run()
