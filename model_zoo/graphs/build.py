"""From the tensors of a model of the registry to its graph."""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from model_zoo._openvino import import_openvino
from model_zoo.graphs.weights import Weights
from model_zoo.registry import contract

if TYPE_CHECKING:
    from openvino import Model


@dataclass(frozen=True)
class FloatGraph:
    """A network's graph, from normalised images to logits.

    Args:
        graph: Of any number and size of images.
        divisor: What their sides must be a multiple of.
    """

    graph: "Model"
    divisor: int


def has_graph(name: str) -> bool:
    """Whether the architecture of a model has been written as a graph too."""
    return find_spec(_module_of(name)) is not None


def float_graph(name: str, tensors: Mapping[str, np.ndarray]) -> FloatGraph:
    """The graph of a model.

    Args:
        name: A name of the registry.
        tensors: Its trained tensors, by PyTorch's names.

    Raises:
        ValueError: if the tensors are not those of the architecture.
    """
    openvino = import_openvino()
    known = contract(name)
    module = importlib.import_module(_module_of(name))
    channels = len(known.modalities) * len(known.neighbours)
    free = [-1] * known.dimensions
    images = openvino.opset13.parameter([-1, channels, *free], np.float32, "images")
    weights = Weights(tensors, set())
    try:
        logits, divisor = module.build(images, weights)
    except (KeyError, RuntimeError, ValueError) as error:
        raise ValueError(f"the tensors are not those of {name}") from error
    answered = logits.output(0).get_partial_shape()[1].get_length()
    if weights.taken != tensors.keys() or answered != len(known.regions):
        raise ValueError(f"the tensors are not those of {name}")
    return FloatGraph(openvino.Model([logits], [images], name), divisor)


def _module_of(name: str) -> str:
    architecture = contract(name).architecture.split(":")[0].rpartition(".")[2]
    return f"model_zoo.graphs.{architecture}"
