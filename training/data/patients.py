"""The patients of a data set: which split each is in, of which grade, and their cases."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.io.slices.numbered_slices import Series
from training.data.data_sets import BRATS, DATA_SETS, DataSet

SPLITS = ("train", "val", "test")
_ONE_MASK = "whole"
# What the column "truth" says of one that covers every region.
_ALL = "all"


Refused = Callable[[str, InputError], object]


def read_split(data: Path, split: str, refused: Refused | None = None) -> Iterator[Case]:
    """Every whole case of a split, in the order of ``cases.csv``.

    Args:
        data: Folder with ``cases.csv`` (columns ``case`` and ``split``) or ``patients.csv``
            (columns ``patient`` and ``split``), and a folder a case.
        split: One of :data:`SPLITS`.
        refused: As of :func:`read_cases`.

    Raises:
        InputError: if the table, a case or its truth is missing.
    """
    return read_cases(data, split_cases(data, split), refused)


def read_cases(data: Path, names: Iterable[str], refused: Refused | None = None) -> Iterator[Case]:
    """The cases of these names, with their truth, for scoring.

    Args:
        data: As of :func:`read_split`.
        names: Of the cases.
        refused: Is given the name and the error of a case that cannot be read, which is then left
            out; without it the error is raised.

    Raises:
        InputError: if a case or its truth is missing, or truths cover different regions, whose
            mean would be over other patients for each.
    """
    first = None
    for name in names:
        try:
            case = read_any(data, name)
            first = first or (name, case.truth_regions)
            check_alike(data, first, (name, case.truth_regions))
        except InputError as error:
            if refused is None:
                raise
            refused(name, error)
            continue
        yield case


def check_alike(
    data: Path, first: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> None:
    """Refuse patients whose truths cover different regions; each with its name.

    Raises:
        InputError: if they do.
    """
    (one, regions), (name, covered) = (
        (who, ", ".join(which).upper()) for who, which in (first, other)
    )
    if covered != regions:
        raise InputError(
            f"The truth of {name} marks {covered}, that of {one} {regions}; give "
            f"such patients a folder and a {data_set_in(data).table} of their own."
        )


def read_any(data: Path, name: str) -> Case:
    """One case with its truth, whatever modalities it has and whatever regions that covers.

    Raises:
        InputError: if the case or its truth is missing.
    """
    if not (data / name).exists():
        raise InputError(f"{data / name} is missing; {data_set_in(data).table} lists it.")
    with open_cases([data / name], channels=data_set_in(data).colours) as (files,):
        # A mask of one value is a whole tumour in the sets that are read here.
        convention = _ONE_MASK if isinstance(files.truth, Series) else None
        case = read_case(replace(files, name=name, truth_convention=convention))
    if case.truth is None:
        raise InputError(f"{data / name} has no truth; training and evaluation need one.")
    return case


def split_cases(data: Path, split: str, *, partial: bool = False) -> list[str]:
    """Names of the cases of a split; no patient is in two splits.

    Args:
        data: Folder with the table.
        split: One of :data:`SPLITS`.
        partial: Whether those are among them who lack a modality or a part of the truth.

    Raises:
        InputError: if there is none.
    """
    members = _members(data, split)
    names = [name for name, is_partial in members if partial or not is_partial]
    if not names:
        raise InputError(
            f"All {len(members)} patients of split {split!r} lack a modality or a part of the "
            f"truth, says {data / data_set_in(data).table}; one is needed who lacks nothing."
        )
    return names


def partial_cases(data: Path, split: str) -> list[str]:
    """Names of those in a split who lack a modality or a part of the truth, by the table."""
    return [name for name, is_partial in _members(data, split) if is_partial]


def _members(data: Path, split: str) -> list[tuple[str, bool]]:
    data_set, rows = _read_table(data)
    members = [(row[data_set.column], _is_partial(row)) for row in rows if row["split"] == split]
    if not members:
        splits = ", ".join(sorted({row["split"] for row in rows}))
        raise InputError(f"{data / data_set.table} has no split {split!r}; it has {splits}.")
    return members


def _is_partial(row: dict[str, str]) -> bool:
    """Whether the table says so; a table without these columns lists whole cases."""
    given, truth = row.get("modalities"), row.get("truth")
    return bool(given and len(given.split()) < len(MODALITIES)) or bool(truth and truth != _ALL)


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
