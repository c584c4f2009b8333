"""Where a visitor who just arrived is taken."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from workspace.open_case import SAMPLE

_ARRIVED: Final = "arrived"
CASE_PARAMETER: Final = "case"


def asked_for_case(*, page_is_start: bool, arguments: Sequence[str]) -> str | None:
    """The case that the address, or the command that started the server, opens on arrival.

    Args:
        page_is_start: Whether the visitor is on the start page; other pages are left alone.
        arguments: Of the app, such as ``--case sample``, which hold for a visitor's first page.

    Returns:
        ``"sample"``, or None to stay on the page.
    """
    first = not st.session_state.get(_ARRIVED)
    st.session_state[_ARRIVED] = True
    if not page_is_start:
        return None
    if st.query_params.get(CASE_PARAMETER) == SAMPLE:
        return SAMPLE
    by_command = list(arguments) == ["--case", SAMPLE]
    return SAMPLE if first and by_command else None
