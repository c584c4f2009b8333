"""What ``faults.toml`` lists: every fault at every stage that it reaches."""

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


def _fault(name: str, beyond: str, cell: list[dict]) -> Fault:
    cells = tuple(Cell(each["stage"], each["answer"], tuple(each["tests"])) for each in cell)
    return Fault(name, beyond, cells)
