"""What a page shows that has nothing to show yet."""

import streamlit as st

from workspace.open_case import open_sample


def nothing_open(sentence: str) -> None:
    """Say that no case is open, and offer both ways to open one.

    Args:
        sentence: What this page will show then.
    """
    st.markdown(f"No case is open yet. {sentence}")
    if st.button("Open the sample", type="primary", icon=":material/play_arrow:"):
        open_sample()
        st.rerun()
    if st.button("Open your own files", icon=":material/folder_open:"):
        st.switch_page("pages/open.py")
