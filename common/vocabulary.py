"""The words every part of GlioLens shares: modalities, labels and regions.

Numbering follows BraTS 2023 (https://www.synapse.org/brats2023). Releases to 2021 wrote the
enhancing tumour as 4; it is read as 3 (see :func:`common.labels.to_brats_2023`).
"""

from typing import Final

# The order of the channels, everywhere: volumes are (4, X, Y, Z), batches (N, 4, H, W).
MODALITIES: Final = ("t1", "t1c", "t2", "flair")
MODALITY_NAMES: Final = {"t1": "T1", "t1c": "T1c", "t2": "T2", "flair": "FLAIR"}

BACKGROUND: Final = 0
NECROTIC_CORE: Final = 1
OEDEMA: Final = 2
ENHANCING_TUMOUR: Final = 3
LABEL_NAMES: Final = {
    NECROTIC_CORE: "Necrotic core",
    OEDEMA: "Oedema",
    ENHANCING_TUMOUR: "Enhancing tumour",
}

# The order of a model's output channels. Each region contains the next: ET ⊂ TC ⊂ WT.
REGIONS: Final = ("wt", "tc", "et")
REGION_NAMES: Final = {"wt": "Whole tumour", "tc": "Tumour core", "et": "Enhancing tumour"}
REGION_LABELS: Final = {
    "wt": (NECROTIC_CORE, OEDEMA, ENHANCING_TUMOUR),
    "tc": (NECROTIC_CORE, ENHANCING_TUMOUR),
    "et": (ENHANCING_TUMOUR,),
}

# What stands beside the models: the expert's label map, and the mean of the models.
TRUTH: Final = "truth"
CONSENSUS: Final = "consensus"
