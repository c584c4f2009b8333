"""Colours of the labels: Okabe–Ito, told apart by all common kinds of colour vision.

The same on screen, in every report and in what other viewers are told to show.
"""

from typing import Final

from common.vocabulary import ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA

LABEL_COLOURS: Final = {
    NECROTIC_CORE: "#56B4E9",
    OEDEMA: "#F0E442",
    ENHANCING_TUMOUR: "#D55E00",
}
