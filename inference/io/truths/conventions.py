"""The ways in which truths are numbered, as data; readable without NumPy."""

from dataclasses import dataclass
from typing import Final

from common.vocabulary import BACKGROUND, ENHANCING_TUMOUR, NECROTIC_CORE, OEDEMA, REGIONS


@dataclass(frozen=True)
class Convention:
    """One way to number a truth.

    Args:
        title: What the user chooses it by.
        labels: The label of GlioLens for every value; empty where any value but 0 is tumour.
        regions: The regions that such a truth covers.
    """

    title: str
    labels: dict[int, int]
    regions: tuple[str, ...] = REGIONS


CONVENTIONS: Final = {
    "brats2023": Convention(
        "BraTS from 2023: 1 necrotic core, 2 oedema, 3 enhancing",
        {1: NECROTIC_CORE, 2: OEDEMA, 3: ENHANCING_TUMOUR},
    ),
    "brats2021": Convention(
        "BraTS to 2021: 1 necrotic core, 2 oedema, 4 enhancing",
        {1: NECROTIC_CORE, 2: OEDEMA, 4: ENHANCING_TUMOUR},
    ),
    "decathlon": Convention(
        "Decathlon: 1 oedema, 2 necrotic core, 3 enhancing",
        {1: OEDEMA, 2: NECROTIC_CORE, 3: ENHANCING_TUMOUR},
    ),
    "brats2024": Convention(
        "BraTS from 2024: 1 necrotic core, 2 oedema, 3 enhancing, 4 resection cavity",
        {1: NECROTIC_CORE, 2: OEDEMA, 3: ENHANCING_TUMOUR, 4: BACKGROUND},
    ),
    "brats-ped": Convention(
        "BraTS of children: 1 enhancing, 2 other core, 3 cysts, 4 oedema",
        {1: ENHANCING_TUMOUR, 2: NECROTIC_CORE, 3: NECROTIC_CORE, 4: OEDEMA},
    ),
    "hd-glio": Convention(
        "HD-GLIO: 1 oedema and other T2 signal, 2 enhancing",
        {1: OEDEMA, 2: ENHANCING_TUMOUR},
        regions=("wt", "et"),
    ),
    "whole": Convention("One mask: everything but 0 is tumour", {}, regions=("wt",)),
}
