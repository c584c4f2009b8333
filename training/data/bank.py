"""The slices of some cases in one place, and draws of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import torch
from torch import Generator, Tensor

from inference.network.preprocess import normalise
from training.data.draws import Draws
from training.data.kept_slices import KeptImages


class Batch(NamedTuple):
    """Slices and what is known of them.

    Args:
        slices: (N, S, C, H, W) each among its neighbours, or (N, S·C, H, W) as a network reads it.
        target: (N, R, H, W) regions.
        known: (N, R) bool: the regions that the truth of its patient states; of the others the
            target says nothing.
    """

    slices: Tensor
    target: Tensor
    known: Tensor


@dataclass(frozen=True)
class SliceBank:
    """All slices of some cases, padded to one size, in the order of the cases and their planes.

    Args:
        slices: (N, C, H, W) float32, normalised per volume; 0 in a modality that is missing.
        targets: (N, R, H, W) regions: bool, or float16 from 0 to 1. Both may be on the disk.
        known: (N, R) bool: the regions that the truth states.
        patients: (N,) which case a slice is of.
        weights: (N,) how often a slice is drawn, relative to the others; 0 for never.
        stacks: (N,) which stack a slice is of: a case's slices in one plane.
        apart: (N,) how many steps a network's neighbours are from one slice to the next; 1 where
            slices are 1 mm apart, infinite where that is not known.
        tumour: (N,) which slices hold tumour, where that was found before.
    """

    slices: Tensor | KeptImages
    targets: Tensor | KeptImages
    known: Tensor
    patients: Tensor
    weights: Tensor
    stacks: Tensor
    apart: Tensor
    tumour: Tensor | None = None

    @cached_property
    def with_tumour(self) -> Tensor:
        """(N,) whether a slice holds tumour."""
        if self.tumour is not None:
            return self.tumour
        return (self.targets[:, 0].flatten(1) > 0.5).any(dim=1)

    def neighbours(self, chosen: Tensor, offsets: tuple[int, ...]) -> Tensor:
        """(n, S) indices of the slices at ``offsets`` from each chosen one, in its own stack.

        Beyond the ends of a stack stands its last slice, as in
        :func:`inference.network.preprocess.with_neighbours`. Where slices are farther apart than
        the offsets say, it is the nearest one, as in
        :meth:`inference.network.working_scale.Sampling.offsets`.
        """
        first = torch.searchsorted(self.stacks, self.stacks[chosen])[:, None]
        after = torch.searchsorted(self.stacks, self.stacks[chosen], right=True)[:, None]
        steps = (torch.tensor(offsets) / self.apart[chosen, None]).round().long()
        return (chosen[:, None] + steps).clamp(min=first, max=after - 1)


def draw_batch(
    bank: SliceBank,
    *,
    count: int,
    tumour_share: float,
    slice_normalise: float,
    random: Draws,
    offsets: tuple[int, ...] = (0,),
) -> Batch:
    """Slices drawn with replacement: a share from those with tumour, the rest from all.

    Returns:
        The part of the batch that ``random`` is for: (count, S, C, H, W) float32, each slice among
        its neighbours at ``offsets``,
        (count, R, H, W) as in the bank, and what is known of it.
    """
    certain = round(count * tumour_share)
    first = _draw(bank.weights * bank.with_tumour, certain, random.generator)
    chosen = torch.cat([first, _draw(bank.weights, count - certain, random.generator)])
    chosen = chosen[random.part]
    slices = bank.slices[bank.neighbours(chosen, offsets)]
    alone = random.uniform(len(chosen)) < slice_normalise
    for index in alone.nonzero()[:, 0]:
        # A lone slice has no neighbours: it stands in for them.
        slices[index] = torch.from_numpy(normalise(bank.slices[chosen[index]].numpy()))
    return Batch(slices, bank.targets[chosen], bank.known[chosen])


def _draw(weights: Tensor, count: int, random: Generator) -> Tensor:
    if not count:
        return torch.zeros(0, dtype=torch.long)
    return torch.multinomial(weights, count, replacement=True, generator=random)
