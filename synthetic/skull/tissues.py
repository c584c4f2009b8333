"""Tissues outside the brain, and their signal in the four modalities.

Grey levels on the scale of ``synthetic.contrast.SIGNAL``: fat is brightest on T1, and bright on
the fast spin echo sequences T2 and FLAIR too; cortical bone and air give nothing.
"""

from enum import IntEnum
from typing import Final

import numpy as np


class Tissue(IntEnum):
    """What fills a voxel outside the brain."""

    AIR = 0
    BRAIN = 1  # and the CSF around it, painted by ``synthetic.contrast``
    CSF = 2
    BONE = 3
    MARROW = 4
    FAT = 5
    MUSCLE = 6
    SKIN = 7
    VITREOUS = 8
    LENS = 9
    MUCOSA = 10
    DURA = 11
    CORD = 12
    GLAND = 13
    VESSEL = 14


# In the order of common.vocabulary.MODALITIES: T1, T1c, T2, FLAIR.
SIGNAL: Final = {
    Tissue.AIR: (0, 0, 0, 0),
    Tissue.BRAIN: (48, 44, 205, 26),
    Tissue.CSF: (48, 44, 205, 26),
    Tissue.BONE: (20, 15, 12, 14),
    Tissue.MARROW: (215, 150, 105, 120),
    Tissue.FAT: (330, 215, 165, 185),
    Tissue.MUSCLE: (105, 86, 36, 58),
    Tissue.SKIN: (130, 120, 60, 90),
    Tissue.VITREOUS: (46, 42, 225, 34),
    Tissue.LENS: (120, 90, 40, 70),
    Tissue.MUCOSA: (95, 165, 165, 140),
    Tissue.DURA: (75, 120, 40, 60),
    Tissue.CORD: (138, 96, 70, 92),
    Tissue.GLAND: (190, 165, 105, 125),
    Tissue.VESSEL: (45, 215, 14, 18),
}


def signal_table(channel: int) -> np.ndarray:
    """(15,) float32 grey level of every tissue in one modality."""
    return np.array([SIGNAL[tissue][channel] for tissue in Tissue], np.float32)
