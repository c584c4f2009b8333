"""Starting a VGG16 encoder from ImageNet, though it has batch normalisation and ImageNet's has not.

A normalisation whose scale and shift are the deviation and the mean of what it is given changes
nothing. So each is set by a batch of slices, layer by layer, and the encoder answers as ImageNet's
does: to a factor of each layer, which keeps its answers at about 1 and which the next normalisation
takes out again, since ReLU and convolutions (their biases divided by it) only pass a factor on.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from common.errors import InputError
from model_zoo.segmenter import Segmenter

# Grey levels in a deviation of ImageNet's pictures, about .225 of 255: what a deviation of a
# normalised slice stands for.
GREY_LEVELS: Final = 57.4


def start_encoder(model: Segmenter, file: Path, slices: Tensor) -> None:
    """Fill the encoder's convolutions, and set its normalisations to change nothing.

    Args:
        model: A network whose ``encoder.features`` are VGG16's, with batch normalisation.
        file: What ``python -m training imagenet-vgg16`` wrote. Its red, green and blue become the
            first three channels.
        slices: (N, 3, H, W) as the network sees them in training.

    Raises:
        InputError: if the file cannot be read, or the encoder is another.
    """
    tensors = _read(file)
    layers = list(getattr(getattr(model, "encoder", None), "features", []))
    convolutions = [layer for layer in layers if isinstance(layer, nn.Conv2d)]
    values = list(tensors.values())
    wanted = [tensor.shape for layer in convolutions for tensor in (layer.weight, layer.bias)]
    if not wanted or wanted != [value.shape for value in values]:
        raise InputError(f"{file} holds the weights of another encoder than the network has.")
    with torch.no_grad():
        _fill(layers, iter(values), slices)


def _read(file: Path) -> dict[str, Tensor]:
    """Weight and bias of each convolution, from the first to the last."""
    try:
        tensors = load_file(file)
    except OSError as error:
        raise InputError(
            f"{file} cannot be read: {error.strerror}; imagenet-vgg16 writes it."
        ) from error
    except SafetensorError as error:
        raise InputError(f"{file} is no file of tensors; imagenet-vgg16 writes it.") from error
    order = sorted(tensors, key=lambda name: (name.partition(".")[0], name.endswith(".bias")))
    return {name: tensors[name] for name in order}


def _fill(layers: list[nn.Module], values: Iterator[Tensor], features: Tensor) -> None:
    factor = 1 / GREY_LEVELS  # of the features, against ImageNet's
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            layer.weight.copy_(next(values))
            layer.bias.copy_(next(values) * factor)
        if isinstance(layer, nn.BatchNorm2d):
            factor *= _change_nothing(layer, features)
            layer.eval()  # by what it has just been told, not by the batch
        features = layer(features)
        if isinstance(layer, nn.BatchNorm2d):
            layer.train()


def _change_nothing(norm: nn.BatchNorm2d, features: Tensor) -> float:
    """Set a normalisation by (N, C, H, W) features; return the factor it leaves on them."""
    variance, mean = torch.var_mean(features, dim=(0, 2, 3), correction=0)
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    deviation = (variance + norm.eps).sqrt()
    factor = 1 / deviation.square().mean().sqrt()
    norm.weight.copy_(deviation * factor)
    norm.bias.copy_(mean * factor)
    return float(factor)
