"""A page that polls for its next stage, on a server that is at its slowest once.

In the first stage that it sees after the start, a call for the polling part is answered after the
run of the page has ended and before what it has drawn is sent, as happens where the processor is
busy with something else.
"""

import time

import streamlit as st
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from workspace.jobs.polling import poll

STAGE_SECONDS = 1.5
LAST = 3


def stage() -> int:
    start = st.session_state.setdefault("start", time.monotonic())
    return min(LAST, int((time.monotonic() - start) / STAGE_SECONDS))


def progress(drawn: int) -> None:
    if stage() != drawn:
        st.rerun()


def be_slow() -> None:
    """Hold the server's loop until this run is over; then answer a call sent before."""
    context = get_script_run_ctx()
    session = get_instance()._session_mgr.get_session_info(context.session_id).session
    (part,) = session._fragment_storage._fragments

    def answer() -> None:
        while session._scriptrunner._requests._state.value != "STOP":
            time.sleep(0.001)
        session.request_rerun(
            ClientState(
                fragment_id=part, is_auto_rerun=True, page_script_hash=context.page_script_hash
            )
        )

    session._event_loop.call_soon_threadsafe(answer)


def main() -> None:
    now = stage()
    st.write(f"Stage {now} of {LAST}")
    if 0 < now < LAST and "was_slow" not in st.session_state:
        st.session_state.was_slow = True
        be_slow()
    if now < LAST:
        poll(progress, now, every=0.2)
    if "was_slow" in st.session_state:
        st.write("It was slow.")


main()
