"""The entry of the app: page registry and page config."""

import sys
from pathlib import Path

import streamlit as st

from workspace.display.page_frame import (
    DISCLAIMER,
    footer,
    header,
    sentence_in_place_of_disk_error,
)
from workspace.error_places import keep_words_from_log
from workspace.jobs.segmentation import warm_up
from workspace.load.metrics import serve_metrics
from workspace.open_case import SAMPLE
from workspace.session.departure import look_after_visitor
from workspace.session.landing import STUDY, asked_for_case
from workspace.session.reload import remember_visit, say_what_was_let_go, take_over
from workspace.session.sign_in import must_sign_in, offer_sign_in
from workspace.session.temporary_folder import own_temporary_folder
from workspace.session.uploads_on_disk import keep_uploads_on_disk
from workspace.session.widget_state import keep_what_was_chosen
from workspace.streamlit_patches.mending import mend_streamlit
from workspace.study.sample_study import lay_down_sample_study

keep_words_from_log()
ICON = Path(__file__).parent / "assets" / "brand" / "icon.png"
st.set_page_config(
    page_title="GlioLens",
    page_icon=str(ICON),
    layout="wide",
    # With an entry of our own the menu is there, and the choice of theme in it.
    menu_items={"About": f"**GlioLens**: brain tumours in MRI, three models. {DISCLAIMER}"},
)

compare = st.Page("pages/compare.py", title="Compare", icon=":material/view_column:")
page = st.navigation(
    [
        st.Page("pages/open.py", title="Open", icon=":material/folder_open:", default=True),
        st.Page("pages/image.py", title="Single image", icon=":material/image:"),
        compare,
        st.Page("pages/view3d.py", title="3D", icon=":material/view_in_ar:"),
        st.Page("pages/uncertainty.py", title="Uncertainty", icon=":material/blur_on:"),
        st.Page("pages/report.py", title="Report", icon=":material/description:"),
        st.Page("pages/models.py", title="Models", icon=":material/account_tree:"),
        st.Page("pages/benchmark.py", title="Benchmark", icon=":material/leaderboard:"),
        st.Page("pages/about.py", title="About", icon=":material/info:"),
    ],
    position="hidden" if must_sign_in() else "top",
)
# After st.navigation, before which Streamlit would run a page by itself; before all of a visit.
if must_sign_in():
    header()
    offer_sign_in()
    footer()
    st.stop()
take_over()
keep_what_was_chosen()
case = asked_for_case(page_is_start=page.url_path == "", arguments=sys.argv[1:])
if case == SAMPLE:
    st.switch_page(compare, query_params=st.query_params.to_dict() | {"case": case})
with sentence_in_place_of_disk_error():
    own_temporary_folder()
    keep_uploads_on_disk()
mend_streamlit()
look_after_visitor()
if case == STUDY:
    lay_down_sample_study()
header()
say_what_was_let_go()
with sentence_in_place_of_disk_error():
    page.run()
footer()
remember_visit()
warm_up()
serve_metrics()
