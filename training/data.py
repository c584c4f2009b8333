"""The slices of a split, prepared by the same functions as inference, and batches of them."""

import csv
from collections.abc import Iterable, Iterator
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
    """All slices of some cases, padded to one size.

    Args:
        slices: (N, 4, H, W) float32, normalised per volume.
        targets: (N, 3, H, W) bool regions.
    """

    slices: Tensor
    targets: Tensor

    @cached_property
    def with_tumour(self) -> Tensor:
        """Indices of the slices that hold tumour."""
        return self.targets[:, 0].flatten(1).any(dim=1).nonzero()[:, 0]


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


def build_bank(cases: Iterable[Case], *, at_least: tuple[int, int] = (0, 0)) -> SliceBank:
    """Prepare cases as inference does and stack their slices, centred, at the largest size."""
    pairs = [training_slices(case) for case in cases]
    size = tuple(max(at_least[i], *(s.shape[2 + i] for s, _ in pairs)) for i in (0, 1))
    slices, targets = zip(*pairs, strict=True)
    return SliceBank(_stack(slices, size), _stack(targets, size))


def training_slices(case: Case) -> tuple[np.ndarray, np.ndarray]:
    """(Z, 4, H, W) float32 slices and (Z, 3, H, W) bool regions of one case with a truth."""
    prepared = prepare(case)
    return prepared.slices, to_slices(labels_to_regions(case.truth[prepared.box]))


def draw_batch(
    bank: SliceBank, *, count: int, tumour_share: float, slice_normalise: float, random: Generator
) -> tuple[Tensor, Tensor]:
    """Slices drawn with replacement: a share from those with tumour, the rest from all.

    Returns:
        (count, 4, H, W) float32 and (count, 3, H, W) bool.
    """
    tumour = bank.with_tumour
    certain = round(count * tumour_share)
    first = tumour[torch.randint(len(tumour), (certain,), generator=random)]
    rest = torch.randint(len(bank.slices), (count - certain,), generator=random)
    chosen = torch.cat([first, rest])
    slices = bank.slices[chosen]
    alone = torch.rand(count, generator=random) < slice_normalise
    for index in alone.nonzero()[:, 0]:
        slices[index] = torch.from_numpy(normalise(slices[index].numpy()))
    return slices, bank.targets[chosen]


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
