"""The loss of the regions. It takes logits; it never sees a probability."""

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import LossConfig

_EVEN = LossConfig()


def region_loss(logits: Tensor, target: Tensor, config: LossConfig = _EVEN) -> Tensor:
    """Binary cross-entropy plus soft Dice, averaged over the regions.

    Args:
        logits: (N, R, H, W).
        target: (N, R, H, W), 0 to 1; between them where it is what another network says.
        config: How the parts are weighed.
    """
    logits, target = logits.float(), target.float()
    positive = logits.new_tensor(config.positive_weight)
    loss = F.binary_cross_entropy_with_logits(logits, target, pos_weight=positive)
    return loss + config.dice * soft_dice_loss(logits, target) if config.dice else loss


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
