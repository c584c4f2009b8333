"""Files that were chosen and did not arrive: named, with Try again, until they have or are left.

Streamlit shows a failed transfer inside its uploader, which is made anew once the other files are
taken in. What was chosen only the browser knows; what came, only the server.
"""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import streamlit as st

from workspace.desk.desk import Desk

_BROWSER: Final = Path(__file__).parent
_WORDS: Final = {
    "lost": "did not arrive: the connection may have broken.",
    "large": "is larger than the {most} MB that a file may have here; give it packed (.nii.gz).",
    "gone": "did not arrive before this page was loaded anew: drop it once more.",
    "again": "Try again",
    "out": "Leave it out",
}
_MEGABYTE: Final = 1024**2


def follow_transfers(here: Desk, *, key: str) -> None:
    """Show what did not arrive on a desk, and note it there.

    Args:
        here: The desk.
        key: Of its drop zone.
    """
    name = f"{key}-transfers"
    known = st.session_state.get(name)
    most = st.get_option("server.maxUploadSize")
    if known is not None:
        here.missing = tuple(getattr(known, "missing", None) or ())
    _component()(
        key=name,
        data={
            "key": key,
            "arrived": list(here.arrived),
            "round": here.rounds,
            "since": here.since,
            "missing": list(here.missing),
            "most": most * _MEGABYTE,
            "words": {key: words.format(most=most) for key, words in _WORDS.items()},
        },
        default={"missing": []},
        on_missing_change=lambda: None,
    )


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component(
        "gliolens_transfers",
        js=(_BROWSER / "transfers.js").read_text(encoding="utf-8"),
        css=(_BROWSER / "transfers.css").read_text(encoding="utf-8"),
    )
