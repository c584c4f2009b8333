"""The patients of a data set: which split each is in, of which grade, and their cases."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from inference.case import Case
from inference.io.case_files import open_cases
from inference.io.case_reader import read_case
from inference.io.files.numbered_slices import Series
from training.data.data_sets import BRATS, DATA_SETS, DataSet

SPLITS = ("train", "val", "test")
_ONE_MASK = "whole"


def read_split(data: Path, split: str) -> Iterator[Case]:
    """Every case of a split, in the order of ``cases.csv``.

    Args:
        data: Folder with ``cases.csv`` (columns ``case`` and ``split``) or ``patients.csv``
            (columns ``patient`` and ``split``), and a folder a case.
        split: One of :data:`SPLITS`.

    Raises:
        InputError: if the table, a case or its truth is missing.
    """
    return read_cases(data, split_cases(data, split))


def read_cases(data: Path, names: Iterable[str]) -> Iterator[Case]:
    """The cases of these names, with their truth.

    Raises:
        InputError: if a case or its truth is missing, or truths cover different regions, whose
            mean would be over other patients for each.
    """
    first = None
    for name in names:
        if not (data / name).exists():
            raise InputError(f"{data / name} is missing; {data_set_in(data).table} lists it.")
        with open_cases([data / name]) as (files,):
            # A mask of one value is a whole tumour in the sets that are read here.
            convention = _ONE_MASK if isinstance(files.truth, Series) else None
            case = read_case(replace(files, name=name, truth_convention=convention))
        if case.truth is None:
            raise InputError(f"{data / name} has no truth; training and evaluation need one.")
        regions = ", ".join(case.truth_regions).upper()
        first = first or (name, regions)
        if regions != first[1]:
            raise InputError(
                f"The truth of {name} marks {regions}, that of {first[0]} {first[1]}; give "
                f"such patients a folder and a {data_set_in(data).table} of their own."
            )
        yield case


def split_cases(data: Path, split: str) -> list[str]:
    """Names of the cases of a split; no patient is in two splits."""
    data_set, rows = _read_table(data)
    names = [row[data_set.column] for row in rows if row["split"] == split]
    if not names:
        splits = ", ".join(sorted({row["split"] for row in rows}))
        raise InputError(f"{data / data_set.table} has no split {split!r}; it has {splits}.")
    return names


def read_grades(data: Path) -> dict[str, str]:
    """The grade (HGG or LGG) of every case the table gives one for."""
    data_set, rows = _read_table(data)
    return {row[data_set.column]: row["grade"] for row in rows if row.get("grade")}


def data_set_in(data: Path) -> DataSet:
    """Which data set a folder holds, by the table in it.

    Raises:
        InputError: if there is none.
    """
    found = next((each for each in DATA_SETS.values() if (data / each.table).is_file()), None)
    if found is None:
        raise InputError(f"{data / BRATS.table} is missing; it lists every case and its split.")
    return found


def _read_table(data: Path) -> tuple[DataSet, list[dict[str, str]]]:
    data_set = data_set_in(data)
    table, column = data / data_set.table, data_set.column
    try:
        with table.open(newline="", encoding="utf-8-sig") as stream:  # spreadsheets write a mark
            reader = csv.DictReader(stream)
            rows = [(reader.line_num, row) for row in reader]
    except UnicodeDecodeError as error:
        raise InputError(f"{table} is no text in UTF-8; save it as CSV in UTF-8.") from error
    _check_rows(table, column, rows)
    return data_set, [row for _, row in rows]


def _check_rows(table: Path, column: str, rows: list[tuple[int, dict[str, str | None]]]) -> None:
    """Refuse a table, by its numbered lines, that does not put each patient into one split."""
    if not rows or not {column, "split"} <= rows[0][1].keys():
        raise InputError(f"{table} is no table of cases; it needs the columns {column} and split.")
    seen = set()
    for number, row in rows:
        name = row[column]
        if not (name or "").strip() or not row["split"]:
            raise InputError(f"Line {number} of {table} needs a {column} and its split.")
        if name in seen:
            raise InputError(
                f"{table} lists {name} twice; each patient stands on one line, in one split."
            )
        seen.add(name)
