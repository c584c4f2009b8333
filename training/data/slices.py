"""The slices of some cases, prepared by the same functions as inference."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from common.labels import labels_to_regions
from common.planes import AXIAL
from common.vocabulary import REGIONS
from inference.case import Case
from inference.network.preprocess import Prepared, from_slices, prepare, to_slices
from inference.network.slice_adapter import ANY_SIZE, SliceAdapter
from inference.network.working_scale import LEARNED_MM
from training.data.bank import SliceBank
from training.data.kept_slices import centred

_EVERYTHING = SliceAdapter()

# From a case to the (3, X, Y, Z) regions that are learned of it, bool or float from 0 to 1.
Learned = Callable[[Case], np.ndarray]
# From a case to how it is shown, each with its share of the case's draws.
Looks = Callable[[Case], Iterable[tuple[float, Case]]]


def regions_of_truth(case: Case) -> np.ndarray:
    """(3, X, Y, Z) bool: what the expert drew."""
    return labels_to_regions(case.truth)


def as_it_is(case: Case) -> list[tuple[float, Case]]:
    """One look: the case itself."""
    return [(1.0, case)]


@dataclass(frozen=True, eq=False)
class Stack:
    """The slices of a case in one plane, and what holds for all of them.

    Args:
        slices: (n, C, h, w).
        targets: (n, R, h, w).
        known: The regions that the truth states.
        plane_share: How much of what is drawn of the case is of this plane.
        apart: See :class:`training.data.bank.SliceBank`.
    """

    slices: np.ndarray
    targets: np.ndarray
    known: list[bool]
    plane_share: float
    apart: float


def build_bank(
    cases: Iterable[Case],
    *,
    at_least: tuple[int, int] = (0, 0),
    weight: Callable[[str], float] = lambda name: 1.0,
    planes: tuple[str, ...] = (AXIAL,),
    reading: SliceAdapter = _EVERYTHING,
    learned: Learned = regions_of_truth,
    looks: Looks = as_it_is,
) -> SliceBank:
    """Prepare cases as inference does and stack their slices, centred, at the largest size.

    Args:
        cases: Each with its truth.
        at_least: (height, width) in pixels of a slice, if none of the cases is larger.
        weight: How often a case is drawn, by its name, relative to the others.
        planes: In which planes; half of what is drawn is axial if there are others. Of a case
            whose voxels are not about 1 mm on every side there are axial slices alone, as in
            inference.
        reading: What the network sees of a slice.
        learned: What it is to answer.
        looks: How each case is shown.
    """
    patients, stacks, shares = [], [], []
    for patient, case in enumerate(cases):
        often = weight(case.name)
        for share, look in looks(case):
            for stack in stacks_of(look, planes, reading, learned):
                patients.append(patient)
                stacks.append(stack)
                shares.append(often * share * stack.plane_share)
    counts = torch.tensor([len(each.slices) for each in stacks])

    def of_slices(values: list) -> Tensor:
        return torch.tensor(values).repeat_interleave(counts, dim=0)

    known = of_slices([each.known for each in stacks])
    apart = of_slices([each.apart for each in stacks])
    weights = (torch.tensor(shares) / counts).repeat_interleave(counts)
    numbers = torch.arange(len(counts)).repeat_interleave(counts)
    slices, targets = [each.slices for each in stacks], [each.targets for each in stacks]
    stacks.clear()  # what has been copied into the bank is to be freed
    size = tuple(max(at_least[i], *(s.shape[2 + i] for s in slices)) for i in (0, 1))
    return SliceBank(
        _stack(slices, size),
        _stack(targets, size),
        known,
        of_slices(patients),
        weights,
        numbers,
        apart,
    )


def stacks_of(
    case: Case, planes: tuple[str, ...], reading: SliceAdapter, learned: Learned
) -> Iterator[Stack]:
    """What :func:`training_slices` gives of a case, in every plane that it can be cut in.

    Args:
        case: With its truth.
        planes: In which planes, where its voxels allow.
        reading: What the network sees of a slice.
        learned: What it is to answer.
    """
    prepared = prepare(case)
    slices, targets = _cut(case, prepared, reading, learned)
    known = [region in case.truth_regions for region in reading.regions]
    sampling = prepared.sampling
    planes = planes if sampling.is_as_learned else (AXIAL,)
    apart = math.inf if sampling.slice_mm is None else sampling.slice_mm / LEARNED_MM
    for plane in planes:
        pair = (to_slices(from_slices(each), plane) for each in (slices, targets))
        yield Stack(*pair, known, _plane_share(plane, planes), apart)


def _plane_share(plane: str, planes: tuple[str, ...]) -> float:
    """How much of what is drawn of a case is of this plane."""
    if len(planes) == 1:
        return 1.0
    return 0.5 if plane == AXIAL else 0.5 / (len(planes) - 1)


def training_slices(
    case: Case, reading: SliceAdapter = _EVERYTHING, learned: Learned = regions_of_truth
) -> tuple[np.ndarray, np.ndarray]:
    """(Z, C, h, w) float32 slices as a network sees them, and (Z, R, h, w) regions on them.

    Args:
        case: A scan.
        reading: What the network sees of it; its neighbours are not stacked here.
        learned: What it is to answer.
    """
    return _cut(case, prepare(case), reading, learned)


def _cut(
    case: Case, prepared: Prepared, reading: SliceAdapter, learned: Learned
) -> tuple[np.ndarray, np.ndarray]:
    slices = reading.fitted(reading.channels(prepared.slices))
    inside = to_slices(learned(case)[(slice(None), *prepared.box)])
    inside = inside[:, [REGIONS.index(region) for region in reading.regions]]
    if reading.size == ANY_SIZE:
        return slices, inside
    shares = reading.fitted(inside.astype(np.float32))
    return slices, shares > 0.5 if inside.dtype == bool else shares.astype(np.float16)


def _stack(arrays: list[np.ndarray], size: tuple[int, int]) -> Tensor:
    """All (n, C, h, w) slices, centred in one size.

    They take gigabytes, so that each is taken out of the list once it is in its place.
    """
    first = torch.from_numpy(arrays[0][:0])
    stack = first.new_zeros((sum(map(len, arrays)), first.shape[1], *size))
    start = 0
    while arrays:
        array = arrays.pop(0)
        place = (slice(start, start + len(array)), slice(None), *centred(array.shape[2:], size))
        stack[place] = torch.from_numpy(array)
        start += len(array)
    return stack
