"""The loss of the three nested regions. It takes logits; it never sees a probability."""

import torch
from torch import Tensor
from torch.nn import functional as F


def region_loss(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy plus soft Dice, averaged over the regions.

    Args:
        logits: (N, R, H, W).
        target: (N, R, H, W), 0 or 1.
    """
    logits, target = logits.float(), target.float()
    return F.binary_cross_entropy_with_logits(logits, target) + soft_dice_loss(logits, target)


def soft_dice_loss(logits: Tensor, target: Tensor, *, smooth: float = 1.0) -> Tensor:
    """1 − soft Dice of each region over the whole batch, averaged.

    Over the batch and not the slice, since most slices hold little or nothing of a region and
    their Dice would be all noise. Source: Milletari et al. 2016, V-Net.
    """
    probability = torch.sigmoid(logits)
    over = (0, 2, 3)
    overlap = (probability * target).sum(over)
    size = probability.sum(over) + target.sum(over)
    return 1 - ((2 * overlap + smooth) / (size + smooth)).mean()
