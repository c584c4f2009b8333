"""The embedded networks in int8, read once for all tests of a process that only ask them.

Reading, checking and compiling the three takes longer than their answers on a small case, and what
they prepare for slices of a size stays too.
"""

import os
from collections.abc import Callable
from pathlib import Path

from common.processor import usable_cores
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.provenance import EMBEDDED

# These see to how they are read, when they rest and when they are let go.
_ANEW = (
    *("tests/model_zoo/", "tests/workspace/models/", "tests/soak/", "tests/training/release/"),
    "tests/inference/cli/test_answering.py::test_a_model_is_let_go",
)

Read = Callable[[Path, dict, str, tuple[str, ...]], GraphNetwork | None]


def read_once(read: Read) -> Read:
    """``read_quantised`` that gives the network it gave before, of an embedded folder alone."""
    kept: dict[tuple, GraphNetwork | None] = {}

    def network(
        folder: Path, config: dict, name: str, planes: tuple[str, ...]
    ) -> GraphNetwork | None:
        if folder.parent != EMBEDDED or _wants_it_anew():
            return read(folder, config, name, planes)
        key = (name, usable_cores())
        if key not in kept:
            kept[key] = read(folder, config, name, planes)
        if found := kept[key]:
            found.planes = planes
        return found

    return network


def _wants_it_anew() -> bool:
    return os.environ.get("PYTEST_CURRENT_TEST", "").startswith(_ANEW)
