"""A page that holds a case in every way the app's pages do, and writes down when it is freed.

Run with the folder of a case and the file to write to; whoever leaves for six seconds is gone.
"""

import gc
import sys
import weakref
from pathlib import Path

import streamlit as st

from inference.io.cases.case_files import open_cases
from report.drawing.pictures import View
from workspace.case_results.export import Export, ExportOptions
from workspace.jobs.polling import poll
from workspace.jobs.visitors import this_visitor, what_to_drop
from workspace.models import loaded_models
from workspace.open_case import OpenCase, current_case, on_open_case, open_files
from workspace.session.departure import SessionCleaner

AWAY_SECONDS = 6.0


def main(case: Path, freed: Path) -> None:
    doorkeeper().welcome(this_visitor(), what_to_drop())
    if st.button("Open"):
        with open_cases([case]) as (files,):
            opened = open_files(files)
        weakref.finalize(opened, freed.write_text, "freed")
        wish = ExportOptions(
            opened.key, (), View("axial", "flair", 0), probabilities=False, agreement=False
        )
        st.session_state["export"] = Export(wish)
    opened = current_case()
    if opened is None:
        st.write("No case is open.")
        return
    st.write("A case is open.")
    st.button("Cancel", on_click=on_open_case(print))
    poll(progress, opened, every=0.3)
    # As when a model is loaded while a visitor is there.
    loaded_models._held.setdefault(("none", "int8"), None)
    gc.collect()
    gc.freeze()


@st.cache_resource
def doorkeeper() -> SessionCleaner:
    return SessionCleaner(away_seconds=AWAY_SECONDS, every_seconds=0.2)


def progress(opened: OpenCase) -> None:
    st.caption(f"{opened.case.name} is being read.")


main(*map(Path, sys.argv[1:]))
