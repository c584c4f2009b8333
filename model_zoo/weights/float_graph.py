"""Trained tensors in a graph of floats that OpenVINO runs: for models without an int8 form."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from common.processor import processor_features
from model_zoo._openvino import import_openvino
from model_zoo.errors import WeightsError
from model_zoo.graph_network import GraphNetwork
from model_zoo.registry import contract
from model_zoo.weights.folder import TENSORS, promised_bytes, shown

if TYPE_CHECKING:
    from model_zoo.graphs.build import FloatGraph

# Networks of volumes decide what is shown to all others, and take a moment: they need no shortcut.
_EXACT_DIMENSIONS: Final = 3


def read_float(folder: Path, config: dict, name: str, planes: tuple[str, ...]) -> GraphNetwork:
    """The tensors of a weights folder as a graph, in bfloat16 where the processor has it.

    Args:
        folder: Of the weights.
        config: Its ``config.json``.
        name: The model's name in the registry.
        planes: Whose slices it has learned from.

    Raises:
        WeightsError: if they are damaged, or do not fit the architecture.
    """
    again = partial(_built, folder, config["sha256"], name)
    built = again()
    known = contract(name)
    exact = known.dimensions == _EXACT_DIMENSIONS or not _has_bfloat16()
    return GraphNetwork(
        built.graph,
        lambda: again().graph,
        known,
        divisor=built.divisor,
        arithmetic="float32" if exact else "bfloat16",
        planes=planes,
    )


def _built(folder: Path, checksum: str, name: str) -> "FloatGraph":
    # Here: who runs int8 needs neither.
    from safetensors import SafetensorError
    from safetensors.numpy import load

    from model_zoo.graphs import float_graph

    content = promised_bytes(folder / TENSORS, checksum)
    try:
        return float_graph(name, load(content))
    except (SafetensorError, ValueError) as error:
        raise WeightsError(
            f"{shown(folder / TENSORS)} does not fit the architecture of {name}."
        ) from error


def _has_bfloat16() -> bool:
    # OpenVINO goes by what the processor has, also where oneDNN may not use it, and emulates it
    # then, at a tenth of the speed.
    features = processor_features()
    openvino = import_openvino()
    capabilities = openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
    return "BF16" in capabilities and (not features or "bfloat16" in features)
