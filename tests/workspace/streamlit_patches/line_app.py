"""Pages whose server, or whose line, is late with what the browser waits for."""

import asyncio

import streamlit as st
from streamlit.runtime import get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from workspace.streamlit_patches.answers import keep_answers
from workspace.streamlit_patches.late_calls import answer_late_calls
from workspace.streamlit_patches.slow_lines import wait_for_slow_lines

SLOW_FROM, SLOW_SECONDS = 5, 8


def own_id():
    return get_script_run_ctx().session_id


def dropped():
    """What the browser asks for as it is given files is answered as a run begins."""
    here = get_instance().get_app_session(own_id())
    answer = type(here)._handle_file_urls_request

    def answer_in_time_for_a_run(request):
        answer(here, request)
        here._clear_queue()

    here._handle_file_urls_request = answer_in_time_for_a_run
    for file in st.file_uploader("Files", accept_multiple_files=True):
        st.write(f"{file.name} has come.")


def slow_line():
    """Its line takes nothing for some seconds once a part has been drawn again and again."""
    st.button("Press", on_click=lambda: st.session_state.update(presses=1))
    st.write(f"Pressed {st.session_state.get('presses', 0)} times.")
    st.fragment(many, run_every=0.1)()


def many():
    times = st.session_state["times"] = st.session_state.get("times", 0) + 1
    st.write(f"Drawn {times} times.")
    for number in range(50):
        st.write(number)
    if times == SLOW_FROM:
        take_nothing_for_a_while()


def take_nothing_for_a_while():
    client = get_instance().get_client(own_id())
    send, slow = client._websocket.send_bytes, [SLOW_SECONDS]

    async def send_late(message):
        await asyncio.sleep(slow.pop() if slow else 0)
        await send(message)

    client._websocket.send_bytes = send_late


keep_answers()
wait_for_slow_lines()
answer_late_calls()
st.navigation([st.Page(page) for page in (dropped, slow_line)]).run()
