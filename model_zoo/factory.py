"""Building a network by its name."""

import importlib
import inspect
from typing import TYPE_CHECKING, Any

from common.errors import InputError
from model_zoo.registry import contract

if TYPE_CHECKING:
    from model_zoo.segmenter import Segmenter


def create_model(
    name: str, *, neighbours: tuple[int, ...] | None = None, **options: Any
) -> "Segmenter":
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
    segmenter: Segmenter = network(in_channels=channels, out_channels=len(model.regions), **options)
    segmenter.modalities, segmenter.neighbours = model.modalities, offsets
    segmenter.regions, segmenter.size = model.regions, model.size
    segmenter.dimensions = model.dimensions
    return segmenter
