"""The network that a training begins with: of random weights, or of an earlier training's."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor

from common.errors import InputError
from model_zoo.factory import create_model
from model_zoo.segmenter import Segmenter
from model_zoo.weights.loading import read_config
from training.config import TrainingConfig


def untrained(config: TrainingConfig, **options: Any) -> Segmenter:
    """The network of a configuration, of random weights.

    Args:
        config: What to train.
        options: Passed to its architecture beside those of the configuration.

    Raises:
        InputError: for an option that its architecture does not have.
    """
    model = create_model(config.model, neighbours=config.neighbours, **(config.options | options))
    model.planes = config.planes
    return model


def start_from(model: Segmenter, folder: Path, *, name: str) -> None:
    """Fill a network with earlier weights, also of one that read slices without neighbours.

    Where the earlier network read one slice and this one reads several, the first convolution
    keeps its weights for the middle slice and begins with zeros for the others, so that training
    starts with exactly the earlier answers.

    Args:
        model: The network.
        folder: Weights folder of the earlier training.
        name: The model's name in the registry.

    Raises:
        InputError: if the weights are of another architecture.
        WeightsError: if the folder does not hold weights of ``name``.
    """
    read_config(folder, name)
    earlier = load_file(folder / "model.safetensors")
    now = model.state_dict()
    middle, slices = model.neighbours.index(0), len(model.neighbours)
    fitted = {
        key: _widened(tensor, now[key], middle=middle, slices=slices)
        for key, tensor in earlier.items()
        if key in now
    }
    if fitted.keys() != now.keys() or any(fitted[key].shape != now[key].shape for key in now):
        raise InputError(f"{folder} holds weights of another architecture than {name} is now.")
    model.load_state_dict(fitted)


def _widened(tensor: Tensor, like: Tensor, *, middle: int, slices: int) -> Tensor:
    """A convolution's (out, C, h, w) weights as (out, slices·C, h, w), zeros but in the middle."""
    if tensor.ndim != 4 or slices == 1:
        return tensor
    filters, channels, *kernel = tensor.shape
    if like.shape != (filters, slices * channels, *kernel):
        return tensor
    wide = torch.zeros_like(like)
    wide[:, middle * channels : (middle + 1) * channels] = tensor
    return wide
