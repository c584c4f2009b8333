"""What stands on every page: the name of the open case and what this is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from common.disk_errors import disk_errors_in_words
from common.errors import InputError, without_options
from workspace.open_case import OpenCase

DISCLAIMER = "Not a medical device. For research and teaching, never for diagnosis."

# Of notes above the pictures: with more, a laptop's screen shows half a picture.
_MOST_LINES = 3
_STYLE = Path(__file__).with_name("style.css")
_THEME = Path(__file__).with_name("theme.html")
_LOGO = Path(__file__).parents[2] / "assets" / "brand" / "logo.svg"


def header() -> None:
    """The name, the style sheet and the theme; the navigation beside them is Streamlit's."""
    st.logo(_LOGO, size="large")
    st.html(_STYLE)
    st.html(_THEME, unsafe_allow_javascript=True)


def case_line(opened: OpenCase) -> None:
    """One line that says what is open, and that it is synthetic where it is."""
    case = opened.case
    parts = [f"{len(case.present)}/4 modalities", "truth" if case.truth is not None else "no truth"]
    name = "Synthetic sample, not a patient" if opened.synthetic else case.name
    st.markdown(f"**{plain(name)}** · {' · '.join(parts)}")


def case_notes(opened: OpenCase) -> None:
    """What the user should know of the files before trusting the overlays."""
    if notes := opened.case.notes:
        st.info("  \n".join(map(plain, notes)), icon=":material/info:")


def short_notes(opened: OpenCase) -> None:
    """The first of them, a line each: where the image must stay in view."""
    if shown := _note_lines(opened)[0]:
        st.caption("  \n".join(shown))


def more_notes(opened: OpenCase) -> None:
    """Those that :func:`short_notes` has no room for, behind a button."""
    if folded := _note_lines(opened)[1]:
        count = len(folded)
        with st.popover(f"{count} more notes on these files", icon=":material/info:"):
            st.caption("  \n".join(folded))


def _note_lines(opened: OpenCase) -> tuple[list[str], list[str]]:
    lines = [f":orange[:material/info:] {plain(note)}" for note in opened.case.notes]
    # A button in place of a single line would save nothing.
    shown = len(lines) if len(lines) <= _MOST_LINES else _MOST_LINES - 1
    return lines[:shown], lines[shown:]


def footer() -> None:
    """The disclaimer, small and always there: a line at the bottom of the window."""
    with st.container(key="disclaimer"):
        st.caption(DISCLAIMER)


@contextmanager
def sentence_in_place_of_disk_error() -> Iterator[None]:
    """What a disk says no to on any page, without the paths of this server."""
    try:
        with disk_errors_in_words():
            yield
    except InputError as error:
        st.error(plain(str(error)), icon=":material/error:")


def plain(text: str) -> str:
    """Text with names of files, so that none of it is read as Markdown; no command line options."""
    shown = without_options(text)
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-!|<>$~:" else char for char in shown)
