"""All that a visitor brought or had made goes at once, when they say so."""

from typing import Final

import streamlit as st
from streamlit.runtime import Runtime

from workspace.desk.desk import clear_desk, desk
from workspace.jobs.job_queue import queue
from workspace.jobs.result_cache import clear_results
from workspace.jobs.visitors import this_visitor
from workspace.open_case import close_case, current_case
from workspace.session.departure import free_soon
from workspace.study.prepared_files import forget_files
from workspace.study.study import clear_study, current_study

_DELETED: Final = "deleted"
# The visit's own name, which says nothing of what was brought.
_STAYS: Final = {"reload-name"}


def offer_deletion() -> None:
    """A button that deletes everything, where there is something; and that it was done."""
    here = desk()
    if current_case() or current_study() or here.rows or here.failed:
        st.button(
            "Delete everything now",
            icon=":material/delete_forever:",
            type="tertiary",
            on_click=delete_now,
            help="Files, images, results and exports of this visit go from this server's memory "
            "and disk at once, and not only after the page was closed.",
        )
    elif st.session_state.pop(_DELETED, False):
        st.info("All that you brought was deleted from this server.", icon=":material/check:")


def delete_now() -> None:
    """Let go of what this visitor brought and of what was made of it, and free its memory soon."""
    who = this_visitor()
    forget_files()
    clear_study()
    close_case()
    clear_desk()
    queue.forget(who)
    clear_results()
    rounds = desk()
    for key in [key for key in st.session_state if key not in _STAYS]:
        del st.session_state[key]
    st.session_state["desk"] = rounds  # its drop zone has a new name, so that no upload returns
    if Runtime.exists() and who is not None:
        Runtime.instance().uploaded_file_mgr.remove_session_files(who)
    st.session_state[_DELETED] = True
    free_soon()
