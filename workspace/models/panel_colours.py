"""Which colour is which panel, the same on every page, chart and export."""

from collections.abc import Mapping
from html import escape

from common.colours import PANEL_COLOURS


def colour_key(titles: Mapping[str, str]) -> str:
    """HTML that says which colour is which panel.

    Args:
        titles: What a person reads, by the panel's name.
    """
    marks = "".join(
        f'<span><i style="--colour:{PANEL_COLOURS[name]}"></i>{escape(title)}</span>'
        for name, title in titles.items()
    )
    return f'<div class="colour-key">{marks}</div>'
