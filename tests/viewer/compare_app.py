"""The page under test: the compare view, a rerun, a model that finishes, and another page.

Its scan can be changed for another of the same head, and it can be given a brain mask.
"""

import streamlit as st

from tests.viewer.compare_case import (
    make_brain,
    make_other_scan,
    make_panels,
    make_scan,
    place_of,
)
from viewer import compare_view
from workspace.streamlit_patches.known_messages import know_messages
from workspace.streamlit_patches.late_calls import answer_late_calls
from workspace.streamlit_patches.stopped_runs import keep_presses

# As app.py does: a press at a run's end would be lost.
know_messages()
answer_late_calls()
keep_presses()
st.set_page_config(layout="wide")
page = st.segmented_control("Page", ["compare", "other"], default="compare")
st.button("Rerun")
other = st.toggle("Show the other scan")
masked = st.toggle("Give it a brain mask")
finished = st.toggle("Finish the third model")
quick_look = st.toggle("Give it a quick look")
if page == "compare":
    compare_view(
        make_other_scan() if other else make_scan(),
        make_panels(finished=finished, quick_look=quick_look),
        key="compare",
        brain=make_brain() if masked else None,
        place=place_of(other=other),
    )
st.write("The page is complete.")
