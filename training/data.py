"""The slices of a split, prepared by the same functions as inference, and batches of them."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from torch import Generator, Tensor

from inference.case import Case
from inference.errors import InputError
from inference.labels import labels_to_regions
from inference.preprocess import normalise, prepare, to_slices
from inference.reader import read_case
from inference.sources import open_cases

_TABLE = "cases.csv"


@dataclass(frozen=True)
class SliceBank:
    """All slices of some cases, padded to one size, in the order of the cases.

    Args:
        slices: (N, 4, H, W) float32, normalised per volume.
        targets: (N, 3, H, W) bool regions.
        patients: (N,) which case a slice is of.
        weights: (N,) how often a slice is drawn, relative to the others; 0 for never.
    """

    slices: Tensor
    targets: Tensor
    patients: Tensor
    weights: Tensor

    @cached_property
    def with_tumour(self) -> Tensor:
        """(N,) whether a slice holds tumour."""
        return self.targets[:, 0].flatten(1).any(dim=1)

    def neighbours(self, chosen: Tensor, offsets: tuple[int, ...]) -> Tensor:
        """(n, S) indices of the slices at ``offsets`` from each chosen one, in its own patient.

        Beyond the ends of a scan stands its last slice, as in
        :func:`inference.preprocess.with_neighbours`.
        """
        first = torch.searchsorted(self.patients, self.patients[chosen])[:, None]
        after = torch.searchsorted(self.patients, self.patients[chosen], right=True)[:, None]
        return (chosen[:, None] + torch.tensor(offsets)).clamp(min=first, max=after - 1)


def read_split(data: Path, split: str) -> Iterator[Case]:
    """Every case of a split, in the order of ``cases.csv``.

    Args:
        data: Folder with ``cases.csv`` (columns ``case`` and ``split``) and a folder a case.
        split: ``"train"``, ``"val"`` or ``"test"``.

    Raises:
        InputError: if the table, a case or its truth is missing.
    """
    for name in split_cases(data, split):
        with open_cases([data / name]) as (files,):
            case = read_case(files)
        if case.truth is None:
            raise InputError(f"{data / name} has no truth; training and evaluation need one.")
        yield case


def split_cases(data: Path, split: str) -> list[str]:
    """Names of the cases of a split; no patient is in two splits."""
    rows = _read_table(data)
    names = [row["case"] for row in rows if row["split"] == split]
    if not names:
        splits = ", ".join(sorted({row["split"] for row in rows}))
        raise InputError(f"{data / _TABLE} has no split {split!r}; it has {splits}.")
    return names


def read_grades(data: Path) -> dict[str, str]:
    """The grade (HGG or LGG) of every case the table gives one for."""
    return {row["case"]: row["grade"] for row in _read_table(data) if row.get("grade")}


def _read_table(data: Path) -> list[dict[str, str]]:
    table = data / _TABLE
    if not table.is_file():
        raise InputError(f"{table} is missing; it lists every case and its split.")
    with table.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    if not rows or not {"case", "split"} <= rows[0].keys():
        raise InputError(f"{table} is no table of cases; it needs the columns case and split.")
    return rows


def build_bank(
    cases: Iterable[Case],
    *,
    at_least: tuple[int, int] = (0, 0),
    weight: Callable[[str], float] = lambda name: 1.0,
) -> SliceBank:
    """Prepare cases as inference does and stack their slices, centred, at the largest size.

    Args:
        cases: Each with its truth.
        at_least: (height, width) in pixels of a slice, if none of the cases is larger.
        weight: How often a case is drawn, by its name, relative to the others.
    """
    named = [(case.name, *training_slices(case)) for case in cases]
    names, slices, targets = zip(*named, strict=True)
    size = tuple(max(at_least[i], *(s.shape[2 + i] for s in slices)) for i in (0, 1))
    counts = torch.tensor([len(each) for each in slices])
    each = torch.tensor([weight(name) for name in names]) / counts
    return SliceBank(
        _stack(slices, size),
        _stack(targets, size),
        torch.arange(len(names)).repeat_interleave(counts),
        each.repeat_interleave(counts),
    )


def training_slices(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """(Z, 4, H, W) float32 slices and (Z, 3, H, W) bool regions of one case with a truth."""
    prepared = prepare(case)
    return prepared.slices, to_slices(labels_to_regions(case.truth[prepared.box]))


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
        (count, S, 4, H, W) float32, each slice among its neighbours at ``offsets``, and
        (count, 3, H, W) bool.
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


def _stack(arrays: Iterable[np.ndarray], size: tuple[int, int]) -> Tensor:
    return torch.cat([torch.from_numpy(_pad_centred(array, size)) for array in arrays])


def _pad_centred(array: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    before = [(want - have) // 2 for want, have in zip(size, array.shape[2:], strict=True)]
    padded = np.zeros((*array.shape[:2], *size), array.dtype)
    rows, columns = (
        slice(start, start + have) for start, have in zip(before, array.shape[2:], strict=True)
    )
    padded[..., rows, columns] = array
    return padded
