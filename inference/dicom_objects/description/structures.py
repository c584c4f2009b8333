"""What is drawn, as DICOM names it: codes, colours and the labels each structure is made of.

Codes: PS3.16, CID 7150 (categories) and CID 7151 (types), as HOSPITAL systems show them; nothing
is called malignant, which no image alone can say.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from pydicom.sr.coding import Code

from common.colours import LABEL_COLOURS
from common.vocabulary import (
    ENHANCING_TUMOUR,
    LABEL_NAMES,
    NECROTIC_CORE,
    OEDEMA,
    REGION_LABELS,
    REGION_NAMES,
    REGIONS,
)

ABNORMAL: Final = Code("49755003", "SCT", "Morphologically Abnormal Structure")
BRAIN: Final = Code("12738006", "SCT", "Brain")
NECROSIS: Final = Code("6574001", "SCT", "Necrosis")
EDEMA: Final = Code("79654002", "SCT", "Edema")
ENHANCING: Final = Code("C113842", "NCIt", "Enhancing Lesion")
NEOPLASM: Final = Code("108369006", "SCT", "Neoplasm")


@dataclass(frozen=True)
class Structure:
    """One thing that is drawn.

    Args:
        key: ``"1"`` to ``"3"`` for a label, ``"wt"``, ``"tc"`` or ``"et"`` for a region.
        name: What a person reads.
        labels: The labels of a label map that it is made of.
        kind: Its type, as a code.
        colour: ``"#RRGGBB"``, as on screen.
    """

    key: str
    name: str
    labels: tuple[int, ...]
    kind: Code
    colour: str

    def mask(self, labels: np.ndarray) -> np.ndarray:
        """Where it is in a label map of any shape: bool."""
        return np.isin(labels, self.labels)


_LABEL_KINDS: Final = {NECROTIC_CORE: NECROSIS, OEDEMA: EDEMA, ENHANCING_TUMOUR: ENHANCING}
_REGION_KINDS: Final = {"wt": NEOPLASM, "tc": NEOPLASM, "et": ENHANCING}
# Filled one over the other, the regions then look as the labels do.
_OUTERMOST: Final = {"wt": OEDEMA, "tc": NECROTIC_CORE, "et": ENHANCING_TUMOUR}

PARTS: Final = tuple(
    Structure(str(label), LABEL_NAMES[label], (label,), kind, LABEL_COLOURS[label])
    for label, kind in _LABEL_KINDS.items()
)
_REGION_STRUCTURES: Final = tuple(
    Structure(
        region,
        REGION_NAMES[region],
        REGION_LABELS[region],
        _REGION_KINDS[region],
        LABEL_COLOURS[_OUTERMOST[region]],
    )
    for region in REGIONS
)


def parts_of(regions: tuple[str, ...]) -> tuple[Structure, ...]:
    """The parts that a model tells apart; one that does not answer all regions has only those.

    Args:
        regions: Those that it answers.
    """
    return PARTS if set(regions) == set(REGIONS) else regions_of(regions)


def regions_of(regions: tuple[str, ...]) -> tuple[Structure, ...]:
    """The nested regions that a model answers, the largest first."""
    return tuple(each for each in _REGION_STRUCTURES if each.key in regions)
