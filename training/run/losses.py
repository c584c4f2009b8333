"""The loss of the regions. It takes logits; it never sees a probability."""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import LossConfig

_EVEN = LossConfig()
# Of what each process has of a batch, that of all of it.
Together = Callable[[Tensor], Tensor]


def alone(of_part: Tensor) -> Tensor:
    """That of a batch that one process has all of."""
    return of_part


def region_loss(
    logits: Tensor,
    target: Tensor,
    config: LossConfig = _EVEN,
    *,
    known: Tensor | None = None,
    together: Together = alone,
) -> Tensor:
    """Binary cross-entropy plus soft Dice, averaged over the regions.

    Every region counts alike in every batch, by those of its slices whose truth states it. One
    that no slice of the batch states adds nothing: neither to the loss nor to a gradient.

    Args:
        logits: (N, R, H, W).
        target: (N, R, H, W), 0 to 1; between them where it is what another network says.
        config: How the parts are weighed.
        known: (N, R) bool: what the truth states; None where it states every region.
        together: Adds up what each of several processes has of one batch; the loss is of the
            whole batch, and not a mean of losses of parts, which would be another.
    """
    logits, target = logits.float(), target.float()
    known = logits.new_ones(logits.shape[:2], dtype=torch.bool) if known is None else known
    loss = _cross_entropy(logits, target, known, config.positive_weight, together)
    if not config.dice:
        return loss
    return loss + config.dice * soft_dice_loss(logits, target, known, together=together)


def _cross_entropy(
    logits: Tensor, target: Tensor, known: Tensor, positive_weight: float, together: Together
) -> Tensor:
    each = F.binary_cross_entropy_with_logits(
        logits, target, pos_weight=logits.new_tensor(positive_weight), reduction="none"
    )
    by_slice = each.mean(dim=(2, 3)) * known
    return (together(by_slice.sum(dim=0)) / together(known.sum(dim=0)).clamp(min=1)).mean()


def soft_dice_loss(
    logits: Tensor,
    target: Tensor,
    known: Tensor | None = None,
    *,
    smooth: float = 1.0,
    together: Together = alone,
) -> Tensor:
    """1 − soft Dice of each region over the whole batch, averaged.

    Over the batch and not the slice, since most slices hold little or nothing of a region and
    their Dice would be all noise. Source: Milletari et al. 2016, V-Net.
    """
    over = (0, 2, 3)
    stated = 1.0 if known is None else known[:, :, None, None]
    probability, target = torch.sigmoid(logits) * stated, target * stated
    overlap = together((probability * target).sum(over))
    size = together(probability.sum(over) + target.sum(over))
    # Of a region that nothing is stated of, both are 0: its Dice is 1, whatever was answered.
    return 1 - ((2 * overlap + smooth) / (size + smooth)).mean()
