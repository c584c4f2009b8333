"""What cases are called in a folder of results, over all runs that write to it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inference.cli.cohort.identity import EXAM, Identity


def names_of(cases: Sequence[Identity], records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A name for each case, which no other has.

    A case keeps its name from earlier runs: by the folder it lies in, or by its files, where they
    have been moved. Others never get that name, so that nothing of it is overwritten.

    Args:
        cases: In their order; where two have the same files, the first is the known one.
        records: By name, ``where`` and ``what`` of each case of earlier runs.
    """
    where = {record["where"]: name for name, record in records.items()}
    what = {record["what"]: name for name, record in records.items() if record["what"]}
    names: dict[int, str] = {}
    taken: set[str] = set()
    for number, case in enumerate(cases):
        known = where.get(case.where) or what.get(case.what)
        if known and case.twin_of is None and known not in taken:
            names[number] = known
            taken.add(known)
    taken |= records.keys()
    for number, case in enumerate(cases):
        if number not in names:
            names[number] = next(name for name in _candidates(case.name) if name not in taken)
            taken.add(names[number])
    return [names[number] for number in range(len(cases))]


def _candidates(name: str) -> Iterator[str]:
    """``P1``, ``P1_2`` …; studies of DICOM are numbered from 1: ``exam-1`` …"""
    if name != EXAM:
        yield name
    number, between = (1, "-") if name == EXAM else (2, "_")
    while True:
        yield f"{name}{between}{number}"
        number += 1
