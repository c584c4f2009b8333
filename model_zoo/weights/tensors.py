"""A model's tensors: into a PyTorch network and out of one, as ``model.safetensors``."""

import json
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save_file

from model_zoo.errors import WeightsError
from model_zoo.factory import create_model
from model_zoo.segmenter import Segmenter
from model_zoo.weights.folder import (
    CONFIG,
    GRAPH,
    INTEGERS,
    TENSORS,
    promised_bytes,
    sha256,
    shown,
)


def filled(name: str, folder: Path, checksum: str) -> Segmenter:
    """A network of the registry with the tensors of a weights folder, in evaluation mode.

    Args:
        name: A name of the registry.
        folder: Of the weights.
        checksum: What ``config.json`` promises of them.

    Raises:
        WeightsError: if the tensors are damaged or do not fit.
    """
    model, tensors = create_model(name), folder / TENSORS
    content = promised_bytes(tensors, checksum)
    try:
        model.load_state_dict(load(content))  # strict; float16 is widened on copy
    except (RuntimeError, SafetensorError) as error:
        raise WeightsError(f"{shown(tensors)} does not fit the architecture of {name}.") from error
    return model.eval()


def save_weights(
    model: Segmenter, place: Path, *, name: str, revision: str, **facts: object
) -> str:
    """Write ``config.json`` and ``model.safetensors`` (float16) and return the checksum.

    Args:
        model: The network, on any device.
        place: The folder, made if need be.
        name: Its name in the registry.
        revision: What to call this version.
        facts: More entries for ``config.json``: training, versions, results.
    """
    place.mkdir(parents=True, exist_ok=True)
    tensors = {key: _half(value) for key, value in model.state_dict().items()}
    save_file(tensors, place / TENSORS, metadata={"format": "pt"})
    checksum = sha256(place / TENSORS)
    config = {"model": name, "revision": revision, "sha256": checksum, **facts}
    (place / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    for other in (GRAPH, INTEGERS):  # made of the weights that were there before
        (place / other).unlink(missing_ok=True)
    return checksum


def _half(tensor: torch.Tensor) -> torch.Tensor:
    half = tensor.half() if tensor.is_floating_point() else tensor
    return half.cpu().contiguous()
