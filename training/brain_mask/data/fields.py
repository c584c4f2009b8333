"""Smooth random fields and the random geometry of a head, on tensors."""

import torch
from torch import Tensor
from torch.nn import functional as F

Generator = torch.Generator


def uniform(generator: Generator, low: float, high: float) -> float:
    """A number between two."""
    return low + (high - low) * float(torch.rand((), generator=generator))


def happens(generator: Generator, chance: float) -> bool:
    """Whether something happens that does so with this chance."""
    return uniform(generator, 0, 1) < chance


def smooth(shape: tuple[int, ...], cells: int, generator: Generator, count: int = 1) -> Tensor:
    """(count, X, Y, Z) of mean 0 and deviation about 1, varying over ``cells`` cells an axis."""
    coarse = torch.randn((1, count, cells, cells, cells), generator=generator)
    return F.interpolate(coarse, shape, mode="trilinear", align_corners=True)[0] * 1.5


def random_sampling(
    shape: tuple[int, int, int],
    spacing: tuple[float, float, float],
    canvas: tuple[int, int, int],
    grid: float,
    generator: Generator,
) -> Tensor:
    """Where to read a head for a canvas: turned, moved, scaled, bent and mirrored at random.

    Args:
        shape: Voxels of the head.
        spacing: Its voxel size in mm.
        canvas: Voxels of the canvas.
        grid: The canvas's voxel size in mm.

    Returns:
        (1, X, Y, Z, 3) as ``torch.nn.functional.grid_sample`` wants it.
    """
    axes = [(torch.arange(size) - (size - 1) / 2) * grid for size in canvas]
    places = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
    turn = _rotation(generator, 20.0) * torch.empty(3).uniform_(0.87, 1.18, generator=generator)
    if happens(generator, 0.5):
        turn = turn * torch.tensor([-1.0, 1.0, 1.0])[:, None]
    shift = torch.empty(3).uniform_(-14, 14, generator=generator)
    bend = smooth(canvas, 6, generator, 3).permute(1, 2, 3, 0) * uniform(generator, 0, 2.5)
    there = (places + shift) @ turn.T + bend
    half = torch.tensor(shape) * torch.tensor(spacing) / 2
    return (there / half).flip(-1)[None]


def read(volume: Tensor, sampling: Tensor, mode: str = "bilinear") -> Tensor:
    """(C, X, Y, Z) read where the sampling says; 0 outside."""
    return F.grid_sample(volume[None], sampling, mode=mode, align_corners=False)[0]


def _rotation(generator: Generator, most: float) -> Tensor:
    angles = torch.deg2rad(torch.empty(3).uniform_(-most, most, generator=generator))
    skew = torch.zeros(3, 3)
    skew[0, 1], skew[0, 2], skew[1, 2] = angles
    return torch.linalg.matrix_exp(skew - skew.T)
