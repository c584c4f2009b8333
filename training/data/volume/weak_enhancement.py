"""Tumours that enhance weakly, made of tumours that enhance well.

Contrast agent changes T1c alone. Where a scan shows little of it, the rim hardly stands out, and a
network that has seen little but bright rims may take the oedema around it for a core that does not
enhance. Here the rim loses a part of what T1c shows above T1; its outline is still the truth.
"""

from dataclasses import replace
from typing import Final

import numpy as np

from common.vocabulary import ENHANCING_TUMOUR, MODALITIES
from inference.case import Case
from training.data.volume.tissue import as_tissue, matched

# How much of the enhancement is left, as a share.
LEFT: Final = (0.1, 0.6)
# As far from its label the rim enhances too; half of that again it fades to nothing.
_MARGIN_MM: Final = 4.0


def weakly_enhancing(
    volume: np.ndarray, truth: np.ndarray, spacing: np.ndarray, left: float
) -> np.ndarray:
    """The scan, had the enhancing tumour taken up less of the contrast agent.

    Args:
        volume: (4, X, Y, Z) float32 of :data:`common.vocabulary.MODALITIES`, background 0.
        truth: (X, Y, Z) label map.
        spacing: (3,) voxel size in mm.
        left: Share of the enhancement that is left, from 0 to 1.

    Returns:
        A copy. In it T1c is darker in and around the enhancing tumour where it is brighter than
        T1, brought to its scale by tissue that is healthy; without T1, T1c or an enhancing tumour
        nothing is.
    """
    from scipy import ndimage

    weaker = volume.copy()
    t1, t1c = (volume[MODALITIES.index(name)] for name in ("t1", "t1c"))
    tissue = (t1 != 0) & (t1c != 0)
    healthy, rim = tissue & (truth == 0), truth == ENHANCING_TUMOUR
    if not (healthy.any() and rim.any()):
        return weaker
    above = np.clip(t1c - matched(t1, t1[healthy], t1c[healthy]), 0, None)
    away = ndimage.distance_transform_edt(~rim, sampling=spacing)
    near = np.clip(3 - 2 * away / _MARGIN_MM, 0, 1)
    darker = as_tissue(t1c - (1 - left) * near * above)
    weaker[MODALITIES.index("t1c")] = np.where(tissue, darker, t1c)
    return weaker


def weak_copy(case: Case, left: float) -> Case:
    """The same case with a share of its tumour's enhancement left."""
    assert case.truth is not None
    weaker = weakly_enhancing(case.volume, case.truth, np.array(case.spacing), left)
    return replace(case, volume=weaker)
