"""Bending a batch of slices: one smooth map, changes of intensity, then lost modalities.

A slice comes with its neighbours (N, S, C, H, W); what happens to a modality happens to it in all
of them, as it would in a scan. Everything random is drawn from the generator that is passed in, so
that a step can be repeated.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from training.config import AugmentConfig
from training.data.draws import Draws
from training.data.enhancement import remove_enhancement


def augment(
    slices: Tensor,
    target: Tensor,
    *,
    crop: tuple[int, int],
    config: AugmentConfig,
    random: Draws,
) -> tuple[Tensor, Tensor]:
    """Augment a batch.

    Args:
        slices: (N, S, C, H, W) normalised, background 0: S slices one above the other, the one
            that is learned in the middle.
        target: (N, R, H, W), 0 or 1.
        crop: (height, width) of the window cut out of each.
        config: How far.
        random: Source of all randomness.

    Returns:
        (N, S, C, h, w) slices and (N, R, h, w) target of the size of ``crop``.
    """
    where = _sampling_grid(slices.shape, crop, config, random)
    tissue = (slices[:, slices.shape[1] // 2] != 0).float()
    stack = torch.cat([slices.flatten(1, 2), tissue], dim=1)
    warped = F.grid_sample(stack, where, align_corners=False)
    target = F.grid_sample(target.float(), where, mode="nearest", align_corners=False)
    channels = slices.shape[2]
    tissue = warped[:, None, -channels:] > 0.5
    slices = warped[:, :-channels].unflatten(1, slices.shape[1:3])
    if config.no_enhancement:
        slices, target = remove_enhancement(
            slices, target, share=config.no_enhancement, random=random
        )
    slices = _bend_intensities(slices, config, random)
    there = tissue.flatten(3).any(dim=3)[:, 0]
    return slices * tissue * _kept_modalities(there, config, random), target


def _sampling_grid(
    shape: torch.Size, crop: tuple[int, int], config: AugmentConfig, random: Draws
) -> Tensor:
    """(N, h, w, 2) places to sample at: turned, scaled, mirrored, shifted, and bent a little."""
    count, *_, height, width = shape
    angle = math.radians(config.rotate) * random.symmetric(count)
    if config.quarter_turns:
        angle = angle + math.pi / 2 * random.integers(4, count)
    scale = torch.exp2(math.log2(1 + config.scale) * random.symmetric(count))
    mirror = torch.where(random.uniform(count) < config.flip, -1.0, 1.0)
    rows, columns = (torch.linspace(-(n - 1) / 2, (n - 1) / 2, n) for n in crop)
    y, x = (part.expand(count, -1, -1) for part in torch.meshgrid(rows, columns, indexing="ij"))
    cos, sin = ((scale * f(angle))[:, None, None] for f in (torch.cos, torch.sin))
    # Far enough to bring every part of the slice into the window, no farther.
    room = (max(height - crop[0], 0) / 2 + 8, max(width - crop[1], 0) / 2 + 8)
    down, right = (r * random.symmetric(count)[:, None, None] for r in room)
    bend = _smooth_field((count, 2), crop, config.warp, random)
    x_sampled = (cos * x - sin * y) * mirror[:, None, None] + right + bend[:, 0]
    y_sampled = sin * x + cos * y + down + bend[:, 1]
    return torch.stack([x_sampled / (width / 2), y_sampled / (height / 2)], dim=-1)


def _smooth_field(
    leading: tuple[int, int], size: tuple[int, int], limit: float, random: Draws
) -> Tensor:
    """(N, K, h, w) smooth fields of random strength, within about ``limit`` of 0."""
    knots = random.symmetric(*leading, 5, 5)
    strength = limit * random.uniform(leading[0], 1, 1, 1)
    return F.interpolate(knots * strength, size=size, mode="bicubic", align_corners=True)


def _bend_intensities(slices: Tensor, config: AugmentConfig, random: Draws) -> Tensor:
    count, _, channels, *size = slices.shape
    each = (count, 1, channels, 1, 1)
    slices = _gamma(slices, torch.exp2(config.gamma * random.symmetric(*each)))
    contrast = 1 + config.contrast * random.symmetric(*each)
    slices = slices * contrast + config.brightness * random.symmetric(*each)
    slices = slices + _smooth_field((count, channels), size, config.shading, random)[:, None]
    slices = _some(_blur, slices, config.blur, random)
    slices = _some(_halve_resolution, slices, config.low_resolution, random)
    noise = random.normal(*slices.shape)
    return slices + config.noise * random.uniform(*each) * noise


def _gamma(slices: Tensor, exponent: Tensor) -> Tensor:
    """A power law on the range of a clipped z-score, about -3 to 4; its ends stay in place."""
    low, width = -3.0, 7.0
    return ((slices - low) / width).clamp(0, 1) ** exponent * width + low


def _some(
    change: Callable[[Tensor], Tensor], slices: Tensor, share: float, random: Draws
) -> Tensor:
    """Change a share of a batch (N, S, C, h, w), all channels of a stack alike."""
    chosen = (random.uniform(len(slices)) < share).nonzero()[:, 0]
    slices[chosen] = change(slices[chosen].flatten(1, 2)).unflatten(1, slices.shape[1:3])
    return slices


def _blur(slices: Tensor) -> Tensor:
    line = torch.tensor([0.25, 0.5, 0.25])
    kernel = torch.outer(line, line).expand(slices.shape[1], 1, 3, 3)
    return F.conv2d(slices, kernel, padding=1, groups=slices.shape[1])


def _halve_resolution(slices: Tensor) -> Tensor:
    """As if acquired at half the resolution and brought back to this grid."""
    coarse = F.avg_pool2d(slices, 2, ceil_mode=True)
    return F.interpolate(coarse, size=slices.shape[-2:], mode="bilinear", align_corners=False)


def _kept_modalities(there: Tensor, config: AugmentConfig, random: Draws) -> Tensor:
    """(N, 1, C, 1, 1) of 0 and 1: which modalities a stack keeps; at least one that is there.

    Args:
        there: (N, C) bool: the modalities that the patient has.
        config: How many are lost.
        random: Source of all randomness.
    """
    draw = random.uniform(*there.shape)
    among = draw.where(there, -1.0)
    kept = (draw >= config.drop_modality) | (among == among.max(dim=1, keepdim=True).values)
    return kept[:, None, :, None, None].float()
