"""Tumours that do not enhance, made of tumours that do.

A low-grade tumour has a core that hardly takes up contrast. Few patients of the training split
have one, and a network that has seen little else learns that a core is what lies inside a bright
rim. Contrast changes T1c alone: where T1c is made to look like T1, which was acquired before it,
the same core stands without its rim, and its outline is still the truth.
"""

from torch import Tensor
from torch.nn import functional as F

from common.vocabulary import MODALITIES, REGIONS
from training.data.draws import Draws

# Pixels beyond the core in which T1c turns into T1: the rim is brighter than its label shows.
_MARGIN = 5


def remove_enhancement(
    slices: Tensor, target: Tensor, *, share: float, random: Draws
) -> tuple[Tensor, Tensor]:
    """Take the contrast out of the tumour of a share of a batch.

    Args:
        slices: (N, S, C, h, w) normalised, one channel for each of
            :data:`common.vocabulary.MODALITIES`.
        target: (N, R, h, w) of :data:`common.vocabulary.REGIONS`, from 0 to 1.
        share: Probability for each slice, from 0 to 1.
        random: Source of all randomness.

    Returns:
        Copies in which a chosen slice has T1 in place of T1c in and around its core, fading
        outwards, and no enhancing tumour; its core and whole tumour are as before. A slice
        without T1 stays as it is.

    Raises:
        ValueError: if the channels or the regions are others.
    """
    if slices.shape[2] != len(MODALITIES) or target.shape[1] != len(REGIONS):
        raise ValueError("only a network that reads and answers all can lose enhancement")
    t1, t1c = MODALITIES.index("t1"), MODALITIES.index("t1c")
    has_t1 = slices[:, :, t1].flatten(1).any(dim=1)
    chosen = random.uniform(len(slices)) < share
    chosen = (chosen & has_t1).float()[:, None, None, None]
    core, enhancing = REGIONS.index("tc"), REGIONS.index("et")
    without = _around(target[:, core : core + 1]) * chosen
    slices, target = slices.clone(), target.clone()
    slices[:, :, t1c] += without * (slices[:, :, t1] - slices[:, :, t1c])
    target[:, enhancing] *= 1 - chosen[:, 0]
    return slices, target


def _around(mask: Tensor) -> Tensor:
    """(N, 1, h, w) 1 in the mask (over one half) and near it, falling smoothly to 0 farther out."""
    size = 2 * _MARGIN + 1
    near = F.max_pool2d((mask > 0.5).float(), size, stride=1, padding=_MARGIN)
    return F.avg_pool2d(near, 5, stride=1, padding=2, count_include_pad=False)
