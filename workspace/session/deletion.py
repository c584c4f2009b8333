"""All that a visitor brought or had made goes at once, when they say so."""

from collections.abc import Callable
from typing import Final

import streamlit as st
from streamlit.runtime import Runtime

from workspace.jobs.queue.server_queue import queue
from workspace.jobs.result_cache import clear_results
from workspace.jobs.visitors import this_visitor
from workspace.session.departure import free_soon

_DELETED: Final = "deleted"
# The visit's own name, and a desk that was emptied: it says under which name nothing was dropped.
_STAYS: Final = {"reload-name", "desk"}


_put_away: Final[list[Callable[[], object]]] = []


def goes_with_deletion(put_away: Callable[[], object]) -> None:
    """Have something put away when a visitor deletes everything."""
    if put_away not in _put_away:
        _put_away.append(put_away)


def offer_deletion(*, something: bool) -> None:
    """A button that deletes everything, where there is something; and that it was done."""
    if something:
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
    for put_away in _put_away:
        put_away()
    queue.forget(who)
    clear_results()
    # Streamlit keeps what stood under a key before until the next run, unless the key is deleted.
    stays = {key: st.session_state[key] for key in _STAYS if key in st.session_state}
    for key in list(st.session_state):
        del st.session_state[key]
    st.session_state.update(stays)
    if Runtime.exists() and who is not None:
        Runtime.instance().uploaded_file_mgr.remove_session_files(who)
    st.session_state[_DELETED] = True
    free_soon()
