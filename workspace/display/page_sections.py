"""A long page in sections, and where to find them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading of its own.

    Args:
        title: Of its heading.
        draw: Draws what follows the heading.
    """

    title: str
    draw: Callable[[], None]

    @property
    def anchor(self) -> str:
        """What its heading is called in an address."""
        return re.sub(r"[^a-z0-9]+", "-", self.title.lower()).strip("-")


def contents(sections: Sequence[Section]) -> None:
    """One line of links to the sections of a page."""
    links = " · ".join(f"[{section.title}](#{section.anchor})" for section in sections)
    st.markdown(f"On this page: {links}")


def draw_sections(sections: Sequence[Section]) -> None:
    """All sections, one below the other."""
    for section in sections:
        st.subheader(section.title, anchor=section.anchor)
        section.draw()
