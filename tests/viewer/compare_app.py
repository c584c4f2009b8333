"""The page under test: the compare view, a rerun, a model that finishes, and another page."""

import streamlit as st

from tests.viewer.compare_case import make_panels, make_scan
from viewer import compare_view

st.set_page_config(layout="wide")
page = st.segmented_control("Page", ["compare", "other"], default="compare")
st.button("Rerun")
finished = st.toggle("Finish the third model")
quick_look = st.toggle("Give it a quick look")
if page == "compare":
    compare_view(make_scan(), make_panels(finished=finished, quick_look=quick_look), key="compare")
st.write("The page is complete.")
