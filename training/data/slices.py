"""The slices of some cases, prepared by the same functions as inference, and draws of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Generator, Tensor

from common.labels import labels_to_regions
from common.planes import AXIAL
from common.vocabulary import REGIONS
from inference.case import Case
from inference.network.preprocess import from_slices, normalise, prepare, to_slices
from inference.network.slice_adapter import ANY_SIZE, SliceAdapter

_EVERYTHING = SliceAdapter()

# From a case to the (3, X, Y, Z) regions that are learned of it, bool or float from 0 to 1.
Learned = Callable[[Case], np.ndarray]


def regions_of_truth(case: Case) -> np.ndarray:
    """(3, X, Y, Z) bool: what the expert drew."""
    return labels_to_regions(case.truth)


@dataclass(frozen=True)
class SliceBank:
    """All slices of some cases, padded to one size, in the order of the cases and their planes.

    Args:
        slices: (N, C, H, W) float32, normalised per volume.
        targets: (N, R, H, W) regions: bool, or float16 from 0 to 1.
        patients: (N,) which case a slice is of.
        weights: (N,) how often a slice is drawn, relative to the others; 0 for never.
        stacks: (N,) which stack a slice is of: a case's slices in one plane.
    """

    slices: Tensor
    targets: Tensor
    patients: Tensor
    weights: Tensor
    stacks: Tensor

    @cached_property
    def with_tumour(self) -> Tensor:
        """(N,) whether a slice holds tumour."""
        return (self.targets[:, 0].flatten(1) > 0.5).any(dim=1)

    def neighbours(self, chosen: Tensor, offsets: tuple[int, ...]) -> Tensor:
        """(n, S) indices of the slices at ``offsets`` from each chosen one, in its own stack.

        Beyond the ends of a stack stands its last slice, as in
        :func:`inference.network.preprocess.with_neighbours`.
        """
        first = torch.searchsorted(self.stacks, self.stacks[chosen])[:, None]
        after = torch.searchsorted(self.stacks, self.stacks[chosen], right=True)[:, None]
        return (chosen[:, None] + torch.tensor(offsets)).clamp(min=first, max=after - 1)


def build_bank(
    cases: Iterable[Case],
    *,
    at_least: tuple[int, int] = (0, 0),
    weight: Callable[[str], float] = lambda name: 1.0,
    planes: tuple[str, ...] = (AXIAL,),
    reading: SliceAdapter = _EVERYTHING,
    learned: Learned = regions_of_truth,
) -> SliceBank:
    """Prepare cases as inference does and stack their slices, centred, at the largest size.

    Args:
        cases: Each with its truth.
        at_least: (height, width) in pixels of a slice, if none of the cases is larger.
        weight: How often a case is drawn, by its name, relative to the others.
        planes: In which planes; half of what is drawn is axial if there are others.
        reading: What the network sees of a slice.
        learned: What it is to answer.
    """
    patients, weights, slices, targets = [], [], [], []
    for patient, case in enumerate(cases):
        for plane, pair in _planes_of(case, planes, reading, learned).items():
            patients.append(patient)
            weights.append(weight(case.name) * _plane_share(plane, planes))
            slices.append(pair[0])
            targets.append(pair[1])
    size = tuple(max(at_least[i], *(s.shape[2 + i] for s in slices)) for i in (0, 1))
    counts = torch.tensor([len(each) for each in slices])
    return SliceBank(
        _stack(slices, size),
        _stack(targets, size),
        torch.tensor(patients).repeat_interleave(counts),
        (torch.tensor(weights) / counts).repeat_interleave(counts),
        torch.arange(len(counts)).repeat_interleave(counts),
    )


def _plane_share(plane: str, planes: tuple[str, ...]) -> float:
    """How much of what is drawn of a case is of this plane."""
    if len(planes) == 1:
        return 1.0
    return 0.5 if plane == AXIAL else 0.5 / (len(planes) - 1)


def _planes_of(
    case: Case, planes: tuple[str, ...], reading: SliceAdapter, learned: Learned
) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """What :func:`training_slices` gives of a case, in every plane."""
    slices, targets = training_slices(case, reading, learned)
    return {
        plane: (to_slices(from_slices(slices), plane), to_slices(from_slices(targets), plane))
        for plane in planes
    }


def training_slices(
    case: Case, reading: SliceAdapter = _EVERYTHING, learned: Learned = regions_of_truth
) -> tuple[np.ndarray, np.ndarray]:
    """(Z, C, h, w) float32 slices as a network sees them, and (Z, R, h, w) regions on them.

    Args:
        case: A scan.
        reading: What the network sees of it; its neighbours are not stacked here.
        learned: What it is to answer.
    """
    prepared = prepare(case)
    slices = reading.fitted(torch.from_numpy(reading.channels(prepared.slices))).numpy()
    inside = to_slices(learned(case)[(slice(None), *prepared.box)])
    inside = inside[:, [REGIONS.index(region) for region in reading.regions]]
    if reading.size == ANY_SIZE:
        return slices, inside
    shares = reading.fitted(torch.from_numpy(inside.astype(np.float32))).numpy()
    return slices, shares > 0.5 if inside.dtype == bool else shares.astype(np.float16)


def draw_batch(
    bank: SliceBank,
    *,
    count: int,
    tumour_share: float,
    slice_normalise: float,
    random: Generator,
    offsets: tuple[int, ...] = (0,),
) -> tuple[Tensor, Tensor]:
    """Slices drawn with replacement: a share from those with tumour, the rest from all.

    Returns:
        (count, S, C, H, W) float32, each slice among its neighbours at ``offsets``, and
        (count, R, H, W) as in the bank.
    """
    certain = round(count * tumour_share)
    first = _draw(bank.weights * bank.with_tumour, certain, random)
    chosen = torch.cat([first, _draw(bank.weights, count - certain, random)])
    slices = bank.slices[bank.neighbours(chosen, offsets)]
    alone = torch.rand(count, generator=random) < slice_normalise
    for index in alone.nonzero()[:, 0]:
        # A lone slice has no neighbours: it stands in for them.
        slices[index] = torch.from_numpy(normalise(bank.slices[chosen[index]].numpy()))
    return slices, bank.targets[chosen]


def _draw(weights: Tensor, count: int, random: Generator) -> Tensor:
    if not count:
        return torch.zeros(0, dtype=torch.long)
    return torch.multinomial(weights, count, replacement=True, generator=random)


def _stack(arrays: list[np.ndarray], size: tuple[int, int]) -> Tensor:
    """All (n, C, h, w) slices, centred in one size.

    They take gigabytes, so that each is taken out of the list once it is in its place.
    """
    first = torch.from_numpy(arrays[0][:0])
    stack = first.new_zeros((sum(map(len, arrays)), first.shape[1], *size))
    start = 0
    while arrays:
        array = arrays.pop(0)
        place = (slice(start, start + len(array)), slice(None), *_centred(array.shape[2:], size))
        stack[place] = torch.from_numpy(array)
        start += len(array)
    return stack


def _centred(inner: tuple[int, int], outer: tuple[int, int]) -> tuple[slice, slice]:
    before = [(want - have) // 2 for want, have in zip(outer, inner, strict=True)]
    return tuple(slice(at, at + have) for at, have in zip(before, inner, strict=True))
