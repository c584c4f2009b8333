"""Trained weights in int8: an OpenVINO graph beside the tensors it was made of.

Eight-bit integers are what processors without a graphics card multiply fastest (VNNI), two to
three times as fast as bfloat16 through PyTorch. ``python -m training quantise`` writes the graph;
where it is missing, or OpenVINO is not installed, the tensors are loaded.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from common.disk_errors import is_of_memory
from model_zoo.errors import UnsupportedFormError, WeightsError
from model_zoo.graph_network import GraphNetwork, read_graph
from model_zoo.registry import contract
from model_zoo.weights.folder import (
    GRAPH,
    INT8,
    INTEGERS,
    TENSORS,
    promised_bytes,
    shown,
)
from model_zoo.weights.mapped_numbers import MappedNumbers

if TYPE_CHECKING:
    from openvino import Model

_FILES: Final = (GRAPH, INTEGERS)


def read_quantised(
    folder: Path, config: dict, name: str, planes: tuple[str, ...]
) -> GraphNetwork | None:
    """The int8 form in a weights folder; None where there is none.

    Args:
        folder: Of the weights.
        config: Its ``config.json``.
        name: The model's name in the registry.
        planes: Whose slices it has learned from.

    Raises:
        UnsupportedFormError: if OpenVINO has no way to calculate it on this processor.
        WeightsError: if it is damaged, or was made of other weights than those beside it.
    """
    entry = config.get(INT8)
    if entry is None or not all((folder / file).is_file() for file in _FILES):
        return None
    _check_origin(folder, config)
    again, known = _PromisedGraph(folder, entry["sha256"]), contract(name)
    with _refused_as(WeightsError, f"OpenVINO cannot read {shown(folder / GRAPH)}."):
        graph = again()
    no_way = f"OpenVINO cannot run {name} in int8 on this processor; use --precision auto or float."
    with _refused_as(UnsupportedFormError, no_way):
        return GraphNetwork(
            graph,
            again,
            known,
            divisor=entry["divisor"],
            planes=planes,
            settled=again.leave_memory,
        )


@contextmanager
def _refused_as(kind: type[WeightsError], sentence: str) -> Iterator[None]:
    """Whatever OpenVINO raises in many lines, but for want of memory, in a sentence."""
    try:
        yield
    except RuntimeError as error:
        if is_of_memory(error):
            raise
        raise kind(sentence) from error


def check_quantised(folder: Path, config: dict) -> None:
    """Compare the int8 form in a weights folder with what ``config.json`` promises of it.

    Raises:
        WeightsError: if it is damaged, or was made of other weights than those beside it.
    """
    _check_origin(folder, config)
    for file in _FILES:
        if not (folder / file).is_file():
            raise WeightsError(f"{shown(folder)} has no {file}, which its config.json promises.")
        promised_bytes(folder / file, config[INT8]["sha256"][file])


class _PromisedGraph:
    """The graph of a weights folder, whenever it is asked for, of numbers that lie there once.

    Args:
        folder: Of the weights.
        checksums: What its files are promised to be each time.
    """

    def __init__(self, folder: Path, checksums: Mapping[str, str]) -> None:
        self._folder, self._checksums = folder, checksums
        self._numbers: MappedNumbers | None = None

    def __call__(self) -> "Model":
        layers, numbers = (
            promised_bytes(self._folder / file, self._checksums[file]) for file in _FILES
        )
        # What is compiled of a graph looks at its numbers for as long as anyone uses it. Those of
        # the same checksum are the same: they stay until the network goes that holds this.
        self._numbers = self._numbers or MappedNumbers(numbers)
        return read_graph(layers, self._numbers.array)

    def leave_memory(self) -> None:
        if self._numbers is not None:
            self._numbers.leave_memory()


def _check_origin(folder: Path, config: dict) -> None:
    if config[INT8]["of"] != config["sha256"]:
        raise WeightsError(
            f"{shown(folder / GRAPH)} was made of other weights than {TENSORS} beside it; "
            "write it anew: python -m training quantise."
        )
