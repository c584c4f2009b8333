"""LGG heads as ``python -m training prepare-lgg`` leaves them: brains in thick slices, WT alone."""

import csv
from pathlib import Path
from typing import Final

import numpy as np

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.case import Case
from inference.preparation.template import grid_of

TABLE: Final = "heads.csv"
# What the table of who may train says of those who stand in the BraTS training split as well.
SAME_PERSON: Final = "the same person as a BraTS training patient"
# Where more of a tumour lies outside the brain found, the mask is taken for wrong. In 69 heads it
# was .19 at most, where by eye the mask is right and the truth runs over the edge of the brain.
MOST_OUTSIDE: Final = 0.25


def head_names(folder: Path, *, apart: bool = False) -> list[str]:
    """Names of the heads that may be learned from.

    Args:
        folder: What ``prepare-lgg`` wrote.
        apart: Whether those are left out who are, under another name, BraTS training patients.

    Raises:
        InputError: if the table is missing, or lists one who must not train.
    """
    rows = _rows(folder)
    for row in rows:
        if row["lgg_split"] != "train" or row["may_train_brats"] != "yes":
            raise InputError(
                f"{folder / TABLE} lists {row['patient']}, who must not train a network of BraTS; "
                "write the folder anew with prepare-lgg."
            )
    return [
        row["patient"]
        for row in rows
        if float(row["tumour_outside"]) <= MOST_OUTSIDE
        and not (apart and SAME_PERSON in row["why"])
    ]


def read_head(folder: Path, name: str) -> Case:
    """One head as a case: masked, its slices as they are, the truth of the whole tumour alone.

    Raises:
        InputError: if it is missing.
    """
    file = head_file(folder, name)
    if not file.exists():
        raise InputError(f"{file} is missing; {TABLE} lists it. Run prepare-lgg again.")
    with np.load(file) as head:
        volume, truth = head["volume"].astype(np.float32), head["truth"]
        grid = grid_of(truth.shape, np.diag([*head["spacing"], 1.0]))
    present = tuple(m for m, image in zip(MODALITIES, volume, strict=True) if image.any())
    return Case(name, volume, present, grid, truth=truth, truth_regions=("wt",))


def head_file(folder: Path, name: str) -> Path:
    """Where a head stands in such a folder."""
    return folder / f"{name}.npz"


def _rows(folder: Path) -> list[dict[str, str]]:
    table = folder / TABLE
    if not table.is_file():
        raise InputError(
            f"{table} is missing; python -m training prepare-lgg writes it when it has prepared "
            "every head."
        )
    with table.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
