"""Two pages; one has what the browser keeps, and a part that is drawn again and again."""

import streamlit as st

from workspace.streamlit_patches.known_messages import know_messages

LARGE = "what is large " * 2000


def counted():
    times = st.session_state["times"] = st.session_state.get("times", 0) + 1
    st.write(f"Asked {times} times.")


def large():
    st.text(LARGE)
    st.fragment(counted, run_every=0.2)()
    st.write("The large page.")


def small():
    st.write("The small page.")


know_messages()
st.navigation([st.Page(page) for page in (large, small)], position="top").run()
