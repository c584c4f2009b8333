"""The layers that the architectures share, as OpenVINO's operations.

A node is what flows: (N, C, H, W), or (N, C, X, Y, Z). Batch normalisation stands in the
convolution before it, where runtimes put it too.
"""

from typing import TYPE_CHECKING

import numpy as np

from model_zoo._openvino import import_openvino
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node, PartialShape

import_openvino()
from openvino import opset1, opset13  # noqa: E402

# The operations of one version, for all architectures.
ops = opset13


def conv(
    features: "Node",
    part: Weights,
    *,
    norm: Weights | None = None,
    stride: int = 1,
    padding: int | None = None,
) -> "Node":
    """A convolution, and what batch normalisation makes of it if there is any.

    Args:
        features: The input.
        part: Its ``weight`` and, if any, ``bias``; one input channel for several is depthwise.
        norm: Of the batch normalisation behind it.
        stride: On every axis.
        padding: On every side; None for what keeps the size.
    """
    weight, bias = part.array("weight"), part.optional("bias")
    if norm is not None:
        scale, shift = norm.scale_and_shift()
        weight = weight * scale.reshape(-1, *[1] * (weight.ndim - 1))
        bias = shift if bias is None else bias * scale + shift
    axes = weight.ndim - 2
    around = [weight.shape[-1] // 2 if padding is None else padding] * axes
    steps = [stride] * axes
    if weight.shape[1] == channels_of(features):
        found = ops.convolution(features, weight, steps, around, around, [1] * axes)
    else:
        grouped = weight[:, None]  # (groups, 1, 1, …): every channel by itself
        found = ops.group_convolution(features, grouped, steps, around, around, [1] * axes)
    return _plus(found, bias)


def conv_norm_act(features: "Node", part: Weights, *, stride: int = 1) -> "Node":
    """:class:`model_zoo.segmenter.ConvNormAct`."""
    return ops.relu(conv(features, part[0], norm=part[1], stride=stride))


def double_conv(features: "Node", part: Weights) -> "Node":
    """Two of :func:`conv_norm_act`."""
    return conv_norm_act(conv_norm_act(features, part[0]), part[1])


def widened(features: "Node", part: Weights) -> "Node":
    """A transposed convolution of 2 × 2 with a stride of 2: twice the size."""
    zeros = [0, 0]
    found = ops.convolution_backprop_data(
        features, part.array("weight"), [2, 2], None, zeros, zeros, [1, 1]
    )
    return _plus(found, part.optional("bias"))


def doubled(features: "Node", *, linear: bool = False) -> "Node":
    """Twice the size on every axis but the first two: each place repeated, or interpolated."""
    axes = list(range(2, 2 + _axes(features)))
    return ops.interpolate(
        features,
        np.full(len(axes), 2, np.float32),
        "linear_onnx" if linear else "nearest",
        "scales",
        coordinate_transformation_mode="half_pixel" if linear else "asymmetric",
        nearest_mode="floor",
        axes=np.array(axes, np.int64),
    )


def pooled(features: "Node", *, size: int = 2, padding: int = 0) -> "Node":
    """The largest of each ``size`` places on every axis, with a stride of 2."""
    axes = _axes(features)
    around = [padding] * axes
    # Later sets of operations answer with the places too.
    return opset1.max_pool(features, [2] * axes, around, around, [size] * axes)


def joined(*features: "Node") -> "Node":
    """Several beside each other, as channels."""
    return ops.concat(list(features), 1)


def channels_of(features: "Node") -> int:
    """How many channels flow."""
    return _shape(features)[1].get_length()


def _axes(features: "Node") -> int:
    """2 for slices, 3 for volumes."""
    return len(_shape(features)) - 2


def _shape(features: "Node") -> "PartialShape":
    return features.output(0).get_partial_shape()


def _plus(features: "Node", bias: np.ndarray | None) -> "Node":
    if bias is None:
        return features
    axes = _axes(features)
    return ops.add(features, bias.reshape(1, -1, *[1] * axes))
