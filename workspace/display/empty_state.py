"""What a page shows that has nothing to show yet, or no more."""

from typing import Final, Literal, TypeAlias

import streamlit as st

from workspace.held_cases import HeldCase, WayBack
from workspace.open_case import SAMPLE, OpenCase, case_let_go, open_sample
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

_AGAIN: Final = "open-again"
_Kind: TypeAlias = Literal["primary", "secondary"]


def nothing_open(sentence: str) -> None:
    """Say that no case is open, and offer both ways to open one; a link to the sample opens it.

    Args:
        sentence: What this page will show then.
    """
    if st.query_params.get(CASE_PARAMETER) == SAMPLE:
        with st.spinner("Reading the sample …"):
            open_sample()
        st.rerun()
    was_let_go = offer_again()
    if not was_let_go:
        st.markdown(f"No case is open yet. {sentence}")
    if VIEW_PARAMETERS & set(st.query_params):
        st.markdown(
            "This link holds where to look, but a scan does not travel with a link: open the same "
            "files here to see it."
        )
    sample, own = _importance(case_let_go())
    if st.button("Open the sample", type=sample, icon=":material/play_arrow:"):
        open_sample()
        st.query_params[CASE_PARAMETER] = SAMPLE
        st.rerun()
    if st.button("Open your own files", type=own, icon=":material/folder_open:"):
        st.switch_page("pages/open.py")


def _importance(let_go: HeldCase[OpenCase] | None) -> tuple[_Kind, _Kind]:
    """Of the sample and of own files: whoever had a case open is after that."""
    if let_go is None:
        return "primary", "secondary"
    return "secondary", "secondary" if _way_back(let_go) else "primary"


def _way_back(let_go: HeldCase[OpenCase]) -> WayBack | None:
    """How it can be opened again, as long as its files are there."""
    back = let_go.way_back
    return back if back is not None and back.is_there() else None


def offer_again() -> bool:
    """Say that the case was let go of for others, where it was, and offer to open it again."""
    held = case_let_go()
    if held is None:
        return False
    back = _way_back(held)
    what_next = "Its files are still here." if back else "Open its files again."
    st.info(
        "Your case was let go of: it had not been looked at for some minutes, and other visitors "
        f"needed this server's memory. {what_next}",
        icon=":material/history:",
    )
    if back and st.button("Open it again", type="primary", icon=":material/refresh:"):
        st.session_state[_AGAIN] = True
        st.switch_page(back.page)
    return True


def is_opened_again() -> bool:
    """Whether a visitor has just asked for that; once."""
    return bool(st.session_state.pop(_AGAIN, False))
