"""What ``faults.toml`` lists: every fault at every stage that it reaches.

Printed as pytest names them, the tests of other folders, which ``make soak`` runs too::

    .venv/bin/python -m tests.soak.cells
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

STAGES: Final = (
    "start-up",
    "loading a model",
    "reading files",
    "preparing a study",
    "predicting",
    "caching results",
    "exporting",
    "on screen",
)


@dataclass(frozen=True)
class Cell:
    """A fault at a stage.

    Args:
        stage: One of :data:`STAGES`.
        answer: What happens, and what the visitor reads.
        tests: That hold it, from ``tests`` on: file and function.
    """

    stage: str
    answer: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """What goes wrong.

    Args:
        name: In words.
        beyond: Why it does not reach the other stages.
        cells: At the stages that it reaches.
    """

    name: str
    beyond: str
    cells: tuple[Cell, ...]


@cache
def faults() -> tuple[Fault, ...]:
    """In the order of the list."""
    read = tomllib.loads(Path(__file__).with_name("faults.toml").read_text(encoding="utf-8"))
    return tuple(_fault(**fault) for fault in read["fault"])


def tests_elsewhere() -> list[str]:
    """The tests that hold a cell and do not stand in this folder, each once, as pytest is told."""
    named = {test for fault in faults() for cell in fault.cells for test in cell.tests}
    return sorted(f"tests/{test}" for test in named if not test.startswith("soak/"))


def _fault(name: str, beyond: str, cell: list[dict]) -> Fault:
    cells = tuple(Cell(each["stage"], each["answer"], tuple(each["tests"])) for each in cell)
    return Fault(name, beyond, cells)


if __name__ == "__main__":
    print(*tests_elsewhere(), sep="\n")
