"""Where files are dropped, the same on every page that takes some."""

import streamlit as st

from workspace.desk.desk import Desk
from workspace.desk.uploads import take_in
from workspace.display.page_frame import plain


def drop_zone(here: Desk, words: str, *, key: str, doing: str) -> None:
    """Take what is dropped onto a desk, and say of what is refused why.

    Args:
        here: The desk.
        words: What may be dropped.
        key: Of this zone in the visitor's session.
        doing: What is shown while the files are looked at.
    """
    # Every type: what Streamlit refuses in the browser it says nothing of once other files are
    # taken in. The guard reads the bytes.
    uploads = st.file_uploader(
        words,
        accept_multiple_files=True,
        # What was dropped lies below; the next drop adds to it.
        key=f"{key}-{here.rounds}",
    )
    if uploads:
        with st.spinner(doing):
            take_in(here, uploads)
        st.rerun()
    for sentence in here.refused:
        st.error(plain(sentence), icon=":material/error:")
