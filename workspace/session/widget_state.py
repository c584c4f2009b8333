"""Choices that outlast their page: Streamlit forgets a widget's value when its page is left."""

from typing import Any, Final

import streamlit as st

_COPY: Final = "kept:"


def prepare(key: str, default: Any) -> str:
    """Give a widget that is about to be drawn the value it had last, else ``default``.

    Returns:
        The key, for the widget; it takes no default of its own.
    """
    if key not in st.session_state:
        st.session_state[key] = st.session_state.get(_copy_of(key), default)
    return key


def keep(key: str, value: Any) -> Any:
    """Remember what was chosen, and return it."""
    st.session_state[_copy_of(key)] = value
    return value


def keep_what_was_chosen() -> None:
    """Remember what was chosen just before the page was left, before it was drawn with it.

    For the beginning of a run: at its end Streamlit forgets the widgets of other pages.
    """
    for copy in [each for each in st.session_state if str(each).startswith(_COPY)]:
        key = str(copy).removeprefix(_COPY)
        if key in st.session_state:
            st.session_state[copy] = st.session_state[key]


def kept_checkbox(label: str, key: str, *, first: bool) -> bool:
    """A checkbox whose state outlasts its page.

    Args:
        label: What stands beside it.
        key: Its own.
        first: Whether it is checked at first.
    """
    key = prepare(key, first)
    return keep(key, st.checkbox(label, key=key))


def _copy_of(key: str) -> str:
    return f"{_COPY}{key}"
