"""What a page shows that has nothing to show yet."""

from typing import Final

import streamlit as st

from workspace.open_case import SAMPLE, open_sample
from workspace.session.landing import CASE_PARAMETER

# What the view writes into the address, as viewer/browser/compare/address.js names it.
VIEW_PARAMETERS: Final = frozenset(
    [
        "plane",
        "axial",
        "coronal",
        "sagittal",
        "modality",
        "window",
        "layer",
        "region",
        "hide",
        "outline",
        "opacity",
        "view",
        "panels",
        "single",
        "panel",
        "zoom",
        "centre",
        "cross",
        "brain",
        "blind",
    ]
)


def nothing_open(sentence: str) -> None:
    """Say that no case is open, and offer both ways to open one; a link to the sample opens it.

    Args:
        sentence: What this page will show then.
    """
    if st.query_params.get(CASE_PARAMETER) == SAMPLE:
        with st.spinner("Reading the sample …"):
            open_sample()
        st.rerun()
    st.markdown(f"No case is open yet. {sentence}")
    if VIEW_PARAMETERS & set(st.query_params):
        st.markdown(
            "This link holds where to look, but a scan does not travel with a link: open the same "
            "files here to see it."
        )
    if st.button("Open the sample", type="primary", icon=":material/play_arrow:"):
        open_sample()
        st.query_params[CASE_PARAMETER] = SAMPLE
        st.rerun()
    if st.button("Open your own files", icon=":material/folder_open:"):
        st.switch_page("pages/open.py")
