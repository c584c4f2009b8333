"""Building a network by its name."""

import importlib
import inspect
from typing import Any, TypeVar

from common.errors import InputError
from model_zoo.registry import ModelContract, contract
from model_zoo.segmenter import Segmenter

Network = TypeVar("Network", bound=Segmenter)


def create_model(
    name: str, *, neighbours: tuple[int, ...] | None = None, **options: Any
) -> Segmenter:
    """An untrained network of the registry.

    Args:
        name: A name of the registry.
        neighbours: Offsets of the slices it reads beside each, if not those of the registry.
        options: Passed to the architecture, such as ``encoder_weights="imagenet"``.

    Raises:
        KeyError: for an unknown name; lists the known ones.
        InputError: for an option that its architecture does not have.
    """
    model = contract(name)
    module, architecture = model.architecture.split(":")
    network = getattr(importlib.import_module(module), architecture)
    offsets = model.neighbours if neighbours is None else neighbours
    channels = len(offsets) * len(model.modalities)
    options = model.options | options
    if unknown := sorted(options.keys() - inspect.signature(network).parameters.keys()):
        raise InputError(f"{name} is built without {', '.join(unknown)}.")
    segmenter = network(in_channels=channels, out_channels=len(model.regions), **options)
    return with_contract(segmenter, model, offsets)


def with_contract(segmenter: Network, model: ModelContract, neighbours: tuple[int, ...]) -> Network:
    """Write on a network what it reads and answers, and return it.

    Args:
        segmenter: The network.
        model: Its entry of the registry.
        neighbours: Offsets of the slices it reads beside each.
    """
    segmenter.modalities, segmenter.neighbours = model.modalities, neighbours
    segmenter.regions, segmenter.size = model.regions, model.size
    segmenter.dimensions = model.dimensions
    return segmenter
