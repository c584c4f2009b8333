"""How a head looks: intensities at random, and what a scanner does to them."""

import torch
from torch import Tensor
from torch.nn import functional as F

from inference.preparation.brain.heads import normalise_head
from training.brain_mask.data.fields import Generator, happens, smooth, uniform
from training.brain_mask.data.label_maps import GROUPS, TYPICAL

_MUSCLE, _FAT, _AIR = GROUPS.index("muscle"), GROUPS.index("fat"), GROUPS.index("air")
_WHITE, _GREY, _DEEP = (GROUPS.index(name) for name in ("white", "grey", "deep grey"))


def intensities(generator: Generator) -> Tensor:
    """(groups,) what each group of tissue shows: like a T1, T2 or FLAIR, or anything at all."""
    count = len(GROUPS)
    if happens(generator, 0.7):
        kind = int(torch.randint(3, (), generator=generator))
        looks = torch.from_numpy(TYPICAL[kind]).clone()
        looks *= torch.exp(0.3 * torch.randn(count, generator=generator))
    else:
        looks = torch.rand(count, generator=generator) * 1.2
        looks[_DEEP] = torch.lerp(looks[_GREY], looks[_WHITE], uniform(generator, 0, 1))
    looks[_AIR] = uniform(generator, 0, 0.08) if happens(generator, 0.9) else looks[_AIR]
    return looks


def draw(groups: Tensor, mask: Tensor, generator: Generator) -> Tensor:
    """(1, X, Y, Z) image of a label map.

    Args:
        groups: (X, Y, Z) int64, indices of ``GROUPS``.
        mask: (X, Y, Z) bool, the brain, which a tumour is put into now and then.
    """
    shape = tuple(groups.shape)
    fatty = smooth(shape, 14, generator)[0] > uniform(generator, -1.5, 1.5)
    groups = torch.where((groups == _MUSCLE) & fatty, _FAT, groups)
    image = intensities(generator)[groups]
    coarse = smooth(shape, 24, generator)[0]
    image = image * (1 + uniform(generator, 0, 0.15) * coarse)
    image = image + uniform(generator, 0, 0.1) * torch.randn(shape, generator=generator) * (
        groups != _AIR
    )
    return (_with_tumour(image, mask, generator) if happens(generator, 0.5) else image)[None]


def _with_tumour(image: Tensor, mask: Tensor, generator: Generator) -> Tensor:
    inside = mask.nonzero()
    middle = inside[int(torch.randint(len(inside), (), generator=generator))]
    axes = [torch.arange(size) - at for size, at in zip(image.shape, middle, strict=True)]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij")).float()
    stretch = torch.empty(3, 1, 1, 1).uniform_(0.7, 1.4, generator=generator)
    away = (places * stretch).norm(dim=0)
    away = away + 2.5 * smooth(tuple(image.shape), 14, generator)[0]
    edge = uniform(generator, 4, 16)
    rim = uniform(generator, 1, 3)
    for radius in (edge + uniform(generator, 0, 10), edge, edge - rim):
        blend = torch.sigmoid(2 * (radius - away)) * mask
        image = torch.lerp(image, torch.full_like(image, uniform(generator, 0, 1.7)), blend)
    return image


def remapped(channels: Tensor, generator: Generator) -> Tensor:
    """(1, X, Y, Z) mixture of a head's channels, its intensities changed at random.

    Args:
        channels: (C, X, Y, Z) in [0, 1].
    """
    weights = torch.rand(len(channels), generator=generator)
    if happens(generator, 0.5):
        weights = F.one_hot(weights.argmax(), len(channels)).float()
    image = (channels * (weights / weights.sum())[:, None, None, None]).sum(0, keepdim=True)
    return image if happens(generator, 0.5) else _looked_up(image, generator)


def _looked_up(image: Tensor, generator: Generator) -> Tensor:
    knots = torch.rand(7, generator=generator)
    if happens(generator, 0.4):
        knots = knots.cumsum(0) / knots.sum()
    knots[0] = uniform(generator, 0, 0.1)
    place = (image.clamp(0, 1) ** 0.7 * 6).clamp(0, 5.999)
    below = place.long()
    return torch.lerp(knots[below], knots[below + 1], place - below)


def scanned(image: Tensor, grid: float, generator: Generator) -> tuple[Tensor, Tensor]:
    """What a scanner makes of a head: slices, bias, noise, a cut field of view; then normalised.

    Args:
        image: (1, X, Y, Z) on the canvas.
        grid: The canvas's voxel size in mm.

    Returns:
        (1, X, Y, Z) image as the network reads it, and (1, X, Y, Z) bool: what was scanned.
    """
    shape = tuple(image.shape[1:])
    image = _sliced(image, grid, generator)
    image = image * torch.exp(uniform(generator, 0, 0.3) * smooth(shape, 3, generator))
    level = image.mean() + 1e-6
    image = (image / level).clamp(min=0) ** float(
        torch.exp(0.25 * torch.randn((), generator=generator))
    )
    noise = uniform(generator, 0, 0.2) ** 2 * 4
    image = (image + noise * torch.randn(image.shape, generator=generator)).abs()
    seen = _field_of_view(shape, generator)
    normalised = normalise_head((image * seen).numpy())
    return torch.from_numpy(normalised), seen


def _sliced(image: Tensor, grid: float, generator: Generator) -> Tensor:
    thickness = uniform(generator, 1.0, 7.5)
    if thickness <= grid:
        return image
    axis = 3 - min(int(uniform(generator, 0, 5)), 2) if happens(generator, 0.9) else 3
    sizes = list(image.shape[1:])
    sizes[axis - 1] = max(4, round(sizes[axis - 1] * grid / thickness))
    thick = F.interpolate(image[None], sizes, mode="area")
    return F.interpolate(thick, image.shape[1:], mode="trilinear")[0]


def _field_of_view(shape: tuple[int, int, int], generator: Generator) -> Tensor:
    seen = torch.ones((1, *shape), dtype=torch.bool)
    for axis, most in ((1, 0.15), (2, 0.15), (3, 0.4)):
        if happens(generator, 0.3):
            size = shape[axis - 1]
            cut = int(uniform(generator, 0, most) * size)
            start = 0 if happens(generator, 0.5) else size - cut
            seen.narrow(axis, start, cut).fill_(False)
    return seen
