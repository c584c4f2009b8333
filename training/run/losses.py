"""The loss of the regions. It takes logits; it never sees a probability."""

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import LossConfig

_EVEN = LossConfig()


def region_loss(
    logits: Tensor, target: Tensor, config: LossConfig = _EVEN, *, known: Tensor | None = None
) -> Tensor:
    """Binary cross-entropy plus soft Dice, averaged over the regions.

    Every region counts alike in every batch, by those of its slices whose truth states it. One
    that no slice of the batch states adds nothing: neither to the loss nor to a gradient.

    Args:
        logits: (N, R, H, W).
        target: (N, R, H, W), 0 to 1; between them where it is what another network says.
        config: How the parts are weighed.
        known: (N, R) bool: what the truth states; None where it states every region.
    """
    logits, target = logits.float(), target.float()
    known = logits.new_ones(logits.shape[:2], dtype=torch.bool) if known is None else known
    loss = _cross_entropy(logits, target, known, config.positive_weight)
    return loss + config.dice * soft_dice_loss(logits, target, known) if config.dice else loss


def _cross_entropy(logits: Tensor, target: Tensor, known: Tensor, positive_weight: float) -> Tensor:
    each = F.binary_cross_entropy_with_logits(
        logits, target, pos_weight=logits.new_tensor(positive_weight), reduction="none"
    )
    by_slice = each.mean(dim=(2, 3)) * known
    return (by_slice.sum(dim=0) / known.sum(dim=0).clamp(min=1)).mean()


def soft_dice_loss(
    logits: Tensor, target: Tensor, known: Tensor | None = None, *, smooth: float = 1.0
) -> Tensor:
    """1 − soft Dice of each region over the whole batch, averaged.

    Over the batch and not the slice, since most slices hold little or nothing of a region and
    their Dice would be all noise. Source: Milletari et al. 2016, V-Net.
    """
    over = (0, 2, 3)
    stated = 1.0 if known is None else known[:, :, None, None]
    probability, target = torch.sigmoid(logits) * stated, target * stated
    overlap = (probability * target).sum(over)
    size = probability.sum(over) + target.sum(over)
    # Of a region that nothing is stated of, both are 0: its Dice is 1, whatever was answered.
    return 1 - ((2 * overlap + smooth) / (size + smooth)).mean()
