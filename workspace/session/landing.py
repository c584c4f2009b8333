"""Where a visitor who just arrived is taken."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from workspace.open_case import SAMPLE

ARRIVED: Final = "arrived"
CASE_PARAMETER: Final = "case"
STUDY: Final = "study"
_CASES: Final = (SAMPLE, STUDY)


def asked_for_case(*, page_is_start: bool, arguments: Sequence[str]) -> str | None:
    """The case that the address, or the command that started the server, opens on arrival.

    Args:
        page_is_start: Whether the visitor is on the start page; other pages are left alone.
        arguments: Of the app, such as ``--case sample``, which hold for a visitor's first page.

    Returns:
        ``"sample"``, ``"study"`` for the sample as a scanner wrote it, or None for no case.
    """
    first = not st.session_state.get(ARRIVED)
    st.session_state[ARRIVED] = True
    if not page_is_start:
        return None
    in_address = st.query_params.get(CASE_PARAMETER)
    if in_address in _CASES:
        return in_address
    by_command = next((case for case in _CASES if list(arguments) == ["--case", case]), None)
    return by_command if first else None
