"""Bending a batch of slices: one affine map, then changes of intensity, then lost modalities.

Everything random is drawn from the generator that is passed in, so that a step can be repeated.
"""

import math

import torch
from torch import Generator, Tensor
from torch.nn import functional as F

from training.config import AugmentConfig


def augment(
    slices: Tensor,
    target: Tensor,
    *,
    crop: tuple[int, int],
    config: AugmentConfig,
    random: Generator,
) -> tuple[Tensor, Tensor]:
    """Augment a batch.

    Args:
        slices: (N, C, H, W) normalised, background 0.
        target: (N, R, H, W), 0 or 1.
        crop: (height, width) of the window cut out of each.
        config: How far.
        random: Source of all randomness, on the CPU.

    Returns:
        (N, C, h, w) slices and (N, R, h, w) target of the size of ``crop``.
    """
    where = _sampling_grid(slices.shape, crop, config, random)
    tissue = (slices != 0).float()
    warped = F.grid_sample(torch.cat([slices, tissue], 1), where, align_corners=False)
    slices, tissue = warped.chunk(2, dim=1)
    target = F.grid_sample(target.float(), where, mode="nearest", align_corners=False)
    tissue = tissue > 0.5
    slices = _bend_intensities(slices, config, random)
    return slices * tissue * _kept_modalities(slices, config, random), target


def _sampling_grid(
    shape: torch.Size, crop: tuple[int, int], config: AugmentConfig, random: Generator
) -> Tensor:
    """(N, h, w, 2) places to sample at: turned, scaled, mirrored, and shifted within the slice."""
    count, _, height, width = shape
    angle = math.radians(config.rotate) * _symmetric(count, random)
    scale = torch.exp2(math.log2(1 + config.scale) * _symmetric(count, random))
    mirror = torch.where(torch.rand(count, generator=random) < config.flip, -1.0, 1.0)
    rows, columns = (torch.linspace(-(n - 1) / 2, (n - 1) / 2, n) for n in crop)
    y, x = (part.expand(count, -1, -1) for part in torch.meshgrid(rows, columns, indexing="ij"))
    cos, sin = ((scale * f(angle))[:, None, None] for f in (torch.cos, torch.sin))
    # Far enough to bring every part of the slice into the window, no farther.
    room = (max(height - crop[0], 0) / 2 + 8, max(width - crop[1], 0) / 2 + 8)
    down, right = (r * _symmetric(count, random)[:, None, None] for r in room)
    x_sampled = (cos * x - sin * y) * mirror[:, None, None] + right
    y_sampled = sin * x + cos * y + down
    return torch.stack([x_sampled / (width / 2), y_sampled / (height / 2)], dim=-1)


def _bend_intensities(slices: Tensor, config: AugmentConfig, random: Generator) -> Tensor:
    each = (*slices.shape[:2], 1, 1)
    slices = _gamma(slices, torch.exp2(config.gamma * _symmetric(each, random)))
    contrast = 1 + config.contrast * _symmetric(each, random)
    slices = slices * contrast + config.brightness * _symmetric(each, random)
    blurred = torch.rand(slices.shape[0], 1, 1, 1, generator=random) < config.blur
    slices = torch.where(blurred, _blur(slices), slices)
    noise = torch.randn(slices.shape, generator=random)
    return slices + config.noise * torch.rand(each, generator=random) * noise


def _gamma(slices: Tensor, exponent: Tensor) -> Tensor:
    """A power law on the range of a clipped z-score, about -3 to 4; its ends stay in place."""
    low, width = -3.0, 7.0
    return ((slices - low) / width).clamp(0, 1) ** exponent * width + low


def _blur(slices: Tensor) -> Tensor:
    line = torch.tensor([0.25, 0.5, 0.25])
    kernel = torch.outer(line, line).expand(slices.shape[1], 1, 3, 3)
    return F.conv2d(slices, kernel, padding=1, groups=slices.shape[1])


def _kept_modalities(slices: Tensor, config: AugmentConfig, random: Generator) -> Tensor:
    """(N, C, 1, 1) of 0 and 1: which modalities a slice keeps; at least one."""
    count, channels = slices.shape[:2]
    draw = torch.rand(count, channels, generator=random)
    kept = (draw >= config.drop_modality) | (draw == draw.max(dim=1, keepdim=True).values)
    return kept[:, :, None, None].float()


def _symmetric(shape: int | tuple[int, ...], random: Generator) -> Tensor:
    """Uniform in -1 to 1."""
    shape = (shape,) if isinstance(shape, int) else shape
    return 2 * torch.rand(shape, generator=random) - 1
