"""The heads that training draws from, and a batch of them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.brain_mask.data.contrast import draw, remapped, scanned
from training.brain_mask.data.fields import Generator, happens, random_sampling, read
from training.brain_mask.data.label_maps import LabelledHead
from training.brain_mask.data.lgg import LggHead


@dataclass(frozen=True)
class Source:
    """A head in memory.

    Args:
        image: (C, X, Y, Z) in [0, 1], or (X, Y, Z) int64 groups of a label map.
        brain: (1, X, Y, Z) in [0, 1], how likely or how much each voxel is brain.
        spacing: Voxel size in mm.
    """

    image: Tensor
    brain: Tensor
    spacing: tuple[float, float, float]

    @property
    def labelled(self) -> bool:
        """Whether it is a label map, to be drawn with any contrast, and no image."""
        return self.image.ndim == 3


def of_label_map(head: LabelledHead) -> Source:
    """A label map as a source."""
    groups, mask = torch.from_numpy(head.groups).long(), torch.from_numpy(head.mask).float()
    return Source(groups, mask[None], head.spacing)


def of_lgg(head: LggHead, taught: Path) -> Source:
    """An LGG head with its teacher's answer, half as fine in the plane."""
    probability = np.load(taught)["probability"]
    channels = head.channels[head.real_channels]
    width, height, depth = probability.shape
    whole = torch.from_numpy(np.concatenate([channels, probability[None]])).float() / 255
    half = F.interpolate(whole[None], (width // 2, height // 2, depth), mode="area")[0]
    left, back, up = head.spacing
    return Source(half[:-1], half[-1:], (2 * left, 2 * back, up))


def example(
    source: Source, canvas: tuple[int, int, int], grid: float, generator: Generator
) -> tuple[Tensor, Tensor]:
    """(1, X, Y, Z) normalised head and how much of each voxel is brain.

    Args:
        source: A head.
        canvas: Voxels of the answer.
        grid: Their size in mm.
    """
    shape = tuple(source.brain.shape[1:])
    sampling = random_sampling(shape, source.spacing, canvas, grid, generator)
    if source.labelled:
        image = draw(source.image, source.brain[0] > 0.5, generator)
    else:
        image = remapped(source.image, generator)
    image, seen = scanned(read(image, sampling), grid, generator)
    return image, read(source.brain, sampling) * seen


def batch(
    labelled: list[Source],
    lgg: list[Source],
    share_lgg: float,
    size: int,
    canvas: tuple[int, int, int],
    grid: float,
    generator: Generator,
) -> tuple[Tensor, Tensor]:
    """(N, 1, X, Y, Z) heads and brains, each from a source at random."""
    pairs = []
    for _ in range(size):
        sources = lgg if lgg and happens(generator, share_lgg) else labelled
        chosen = sources[int(torch.randint(len(sources), (), generator=generator))]
        pairs.append(example(chosen, canvas, grid, generator))
    images, brains = zip(*pairs, strict=True)
    return torch.stack(images), torch.stack(brains)
