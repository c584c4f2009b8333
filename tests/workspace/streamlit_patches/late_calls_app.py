"""Two pages on a server that is late: what is called for is answered when it is no more."""

import time

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from workspace.streamlit_patches.late_calls import answer_late_calls

FIRST_PART_SECONDS = 0.3


def session():
    return get_instance().get_app_session(get_script_run_ctx().session_id)


def once(what: str) -> bool:
    return st.session_state.setdefault(what, True) and not st.session_state.update({what: False})


def call_by_clock() -> ClientState:
    """For the one part there is, on the page that is shown."""
    (part,) = session()._fragment_storage._fragments
    shown = get_script_run_ctx().page_script_hash
    return ClientState(fragment_id=part, is_auto_rerun=True, page_script_hash=shown)


def counted(what: str) -> None:
    times = st.session_state[what] = st.session_state.get(what, 0) + 1
    st.write(f"{what} {times} times.")


def left() -> None:
    st.fragment(counted, run_every=FIRST_PART_SECONDS)("Asked")
    st.session_state.call = call_by_clock()


def arrived() -> None:
    if once("late"):
        here, call = session(), st.session_state.call
        here._event_loop.call_soon_threadsafe(here.request_rerun, call)
        time.sleep(0.3)  # it comes while this page is being drawn
    st.write("The page is here.")
    st.fragment(counted, run_every=FIRST_PART_SECONDS)("Drawn")


def ending() -> None:
    """The loop is held until this run has ended, and then has a call to answer for its part."""
    here = session()
    st.fragment(counted, run_every=FIRST_PART_SECONDS)("Followed")
    if once("slow"):
        runner, call = here._scriptrunner, call_by_clock()

        def answer() -> None:
            while runner._requests._state.value != "STOP":
                time.sleep(0.001)
            here.request_rerun(call)

        here._event_loop.call_soon_threadsafe(answer)
    st.write("The end of the page.")


def pressed() -> None:
    st.fragment(button)()
    times = st.session_state.get("presses", 0)
    st.write(f"Pressed {times} times.")
    here = session()
    here._event_loop.call_later(0.2, here._fragment_storage.clear)


def button() -> None:
    st.button("Press", on_click=lambda: st.session_state.update(presses=1))


answer_late_calls()
st.navigation([st.Page(page) for page in (left, arrived, ending, pressed)], position="top").run()
st.write("The foot of every page.")
