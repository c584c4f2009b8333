"""The style sheets of the views, joined from the files in ``browser/styles``."""

from functools import cache
from typing import Final

from viewer.bundle import BROWSER

# In this order: of two rules that weigh the same, the later one holds.
_COMPARE: Final = (
    "theme",
    "controls",
    "panels",
    "slice_strip",
    "narrow",
    "key_list",
    "full_screen",
    "motion",
)


@cache
def compare_styles() -> str:
    """The style sheet of the compare view."""
    return "\n".join(_text(name) for name in _COMPARE)


@cache
def heat_styles() -> str:
    """The style sheet of a heat map: that of the compare view, and what differs."""
    return "\n".join((compare_styles(), _text("heat")))


def _text(name: str) -> str:
    return (BROWSER / "styles" / f"{name}.css").read_text(encoding="utf-8")
