"""What stands on every page: the name of the open case and what this is not."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from common.disk_errors import disk_errors_in_words
from common.errors import InputError, without_options
from workspace.open_case import OpenCase

DISCLAIMER = "Not a medical device. For research and teaching, never for diagnosis."

# Of notes above what a page shows: with more, half a laptop's screen shows nothing else.
_MOST_LINES = 3
_STYLE = Path(__file__).with_name("style.css")
_SCRIPTS = [Path(__file__).with_name(name) for name in ("policy.html", "theme.html")]
_LOGO = Path(__file__).parents[2] / "assets" / "brand" / "logo.svg"


def header() -> None:
    """The name, the style sheet, the theme, and the policy of what the page may load.

    The navigation beside them is Streamlit's.
    """
    st.logo(_LOGO, size="large")
    st.html(_STYLE)
    scripts = "".join(script.read_text(encoding="utf-8") for script in _SCRIPTS)
    st.html(scripts, unsafe_allow_javascript=True)


def case_line(opened: OpenCase) -> None:
    """One line that says what is open, and that it is synthetic where it is."""
    case = opened.case
    parts = [f"{len(case.present)}/4 modalities", "truth" if case.truth is not None else "no truth"]
    name = "Synthetic sample, not a patient" if opened.synthetic else case.name
    st.markdown(f"**{plain(name)}** · {' · '.join(parts)}")


def case_notes(opened: OpenCase) -> None:
    """What the user should know of the files before trusting the overlays; the last ones folded."""
    shown, _ = _first_and_folded(opened)
    if shown:
        st.info("  \n".join(shown), icon=":material/info:")
    more_notes(opened)


def short_notes(opened: OpenCase) -> None:
    """The first of them, a line each: where the image must stay in view."""
    shown, _ = _first_and_folded(opened)
    if shown:
        st.caption("  \n".join(map(_marked, shown)))


def more_notes(opened: OpenCase) -> None:
    """Those that the others have no room for, behind a button."""
    _, folded = _first_and_folded(opened)
    if folded:
        with st.popover(f"{len(folded)} more notes on these files", icon=":material/info:"):
            st.caption("  \n".join(map(_marked, folded)))


def _first_and_folded(opened: OpenCase) -> tuple[list[str], list[str]]:
    notes = [plain(note) for note in opened.case.notes]
    # A button in place of a single line would save nothing.
    shown = len(notes) if len(notes) <= _MOST_LINES else _MOST_LINES - 1
    return notes[:shown], notes[shown:]


def _marked(note: str) -> str:
    return f":orange[:material/info:] {note}"


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
