"""The colour of each panel, the same on every page, chart and export (Okabe–Ito)."""

from typing import Final

TRUTH: Final = "truth"
CONSENSUS: Final = "consensus"

PANEL_COLOURS: Final = {
    "unet": "#E69F00",
    "resnet_unet": "#009E73",
    "transunet": "#CC79A7",
    CONSENSUS: "#FFFFFF",
    TRUTH: "#999999",
}
