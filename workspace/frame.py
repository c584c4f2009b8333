"""What stands on every page: the name of the open case and what this is not."""

from pathlib import Path

import streamlit as st

from workspace.open_case import OpenCase

DISCLAIMER = "Not a medical device. For research and teaching, never for diagnosis."

_STYLE = Path(__file__).with_name("style.css")
_LOGO = Path(__file__).parents[1] / "assets" / "brand" / "logo.svg"


def header() -> None:
    """The name and the style sheet; the navigation beside them is Streamlit's."""
    st.logo(_LOGO, size="large")
    st.html(_STYLE)


def case_line(opened: OpenCase) -> None:
    """One line that says what is open, and that it is synthetic where it is."""
    case = opened.case
    parts = [f"{len(case.present)}/4 modalities", "truth" if case.truth is not None else "no truth"]
    name = "Synthetic sample, not a patient" if opened.synthetic else case.name
    st.markdown(f"**{plain(name)}** · {' · '.join(parts)}")


def case_notes(opened: OpenCase) -> None:
    """What the user should know of the files before trusting the overlays."""
    for note in opened.case.notes:
        st.info(plain(note), icon=":material/info:")


def footer() -> None:
    """The disclaimer, small and always there."""
    st.caption(DISCLAIMER)


def plain(text: str) -> str:
    """Text from a file name, so that none of it is read as Markdown."""
    return "".join(f"\\{char}" if char in r"\`*_{}[]()#+-!|<>$~:" else char for char in text)
