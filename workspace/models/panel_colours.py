"""The colour of each panel, the same on every page, chart and export (Okabe–Ito)."""

from collections.abc import Mapping
from html import escape
from typing import Final

TRUTH: Final = "truth"
CONSENSUS: Final = "consensus"

PANEL_COLOURS: Final = {
    "unet": "#E69F00",
    "resnet_unet": "#009E73",
    "transunet": "#CC79A7",
    # Okabe–Ito has one left; the next two stand on charts of their own.
    "edge_unet": "#0072B2",
    "flair_unet": "#AA4499",
    "vgg16_unet": "#8A8A2E",
    CONSENSUS: "#FFFFFF",
    TRUTH: "#999999",
}


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
