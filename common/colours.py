"""Colours of labels and models: Okabe–Ito, told apart by all common kinds of colour vision.

The same on screen, in every report and in what other viewers are told to show.
"""

from typing import Final

from common.vocabulary import CONSENSUS, ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA, TRUTH

LABEL_COLOURS: Final = {
    NECROTIC_CORE: "#56B4E9",
    OEDEMA: "#F0E442",
    ENHANCING_TUMOUR: "#D55E00",
}

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
