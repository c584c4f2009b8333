"""The colours of the labels, as on screen; a test holds both together.

``viewer`` has them too, but brings Streamlit, which no export needs.
"""

from typing import Final

from common.vocabulary import ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA

LABEL_COLOURS: Final = {
    NECROTIC_CORE: "#56B4E9",
    OEDEMA: "#F0E442",
    ENHANCING_TUMOUR: "#D55E00",
}
