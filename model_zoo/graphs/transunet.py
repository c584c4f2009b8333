"""The graph of :class:`model_zoo.transunet.TransUNet`."""

from typing import TYPE_CHECKING, Final

import numpy as np

from model_zoo.graphs.layers import (
    channels_of,
    conv,
    conv_norm_act,
    double_conv,
    doubled,
    joined,
    ops,
)
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node

_DIVISOR: Final = 16
# The registry's network has so many; the tensors do not tell.
_HEADS: Final = 6
_EPSILON: Final = 1e-5


def build(slices: "Node", weights: Weights) -> "tuple[Node, int]":
    """From slices to logits, and what their sides must be a multiple of."""
    features, skips = slices, []
    for number, stage in enumerate(weights["stem"].parts()):
        if number == 0:
            features = _residual(conv_norm_act(features, stage[0], stride=2), stage[1])
        else:
            features = _residual(_residual(features, stage[0], stride=2), stage[1])
        skips.append(features)
    features = _attend(conv(features, weights["tokens"], stride=2, padding=0), weights)
    for up in weights["up"].parts():
        wider = doubled(features, linear=True)
        features = double_conv(joined(wider, skips.pop()), up["body"])
    refined = conv_norm_act(doubled(features, linear=True), weights["refine"])
    return conv(refined, weights["head"]), _DIVISOR


def _residual(features: "Node", part: Weights, *, stride: int = 1) -> "Node":
    body = conv_norm_act(features, part["body"][0], stride=stride)
    body = conv(body, part["body"][1], norm=part["body"][2])
    if "shortcut" in part:
        features = conv(features, part["shortcut"], stride=stride)
    return ops.relu(ops.add(body, features))


def _attend(features: "Node", weights: Weights) -> "Node":
    """(N, dim, h, w) features through the transformer, one token a position."""
    shape = ops.shape_of(features, "i64")
    dim = channels_of(features)
    flat = ops.reshape(features, np.array([0, dim, -1], np.int64), True)
    tokens = _turned(flat, [0, 2, 1])  # (N, h·w, dim)
    tokens = ops.add(tokens, _positions(shape, dim))
    for block in weights["transformer"].parts():
        normalised = _norm(tokens, block["norm_attention"])
        tokens = ops.add(tokens, _attention(normalised, block, dim))
        hidden = ops.gelu(_linear(_norm(tokens, block["norm_mlp"]), block["mlp"][0]), "erf")
        tokens = ops.add(tokens, _linear(hidden, block["mlp"][2]))
    return ops.reshape(_turned(_norm(tokens, weights["norm"]), [0, 2, 1]), shape, False)


def _attention(tokens: "Node", block: Weights, dim: int) -> "Node":
    """(N, T, dim) to (N, T, dim), scaled dot products over the T tokens in every head."""
    apart = ops.reshape(
        _linear(tokens, block["qkv"]), np.array([0, 0, 3, _HEADS, dim // _HEADS], np.int64), True
    )
    three = ops.split(_turned(apart, [2, 0, 3, 1, 4]), np.int64(0), 3)
    query, key, value = (ops.squeeze(each, np.int64(0)) for each in three.outputs())
    mixed = ops.scaled_dot_product_attention(query, key, value)
    together = ops.reshape(_turned(mixed, [0, 2, 1, 3]), np.array([0, 0, dim], np.int64), True)
    return _linear(together, block["project"])


def _positions(shape: "Node", dim: int) -> "Node":
    """(1, h·w, dim) of :func:`model_zoo.transunet.position_embedding`."""
    quarter = dim // 4
    frequency = (10000.0 ** -(np.arange(quarter) / quarter)).astype(np.float32)
    height, width = (_side(shape, axis) for axis in (2, 3))
    waves = []
    for side, axis in ((height, 1), (width, 0)):
        places = ops.range(np.int64(0), side, np.int64(1), "f32")
        middle = ops.divide(ops.subtract(ops.convert(side, "f32"), np.float32(1)), np.float32(2))
        angles = ops.multiply(
            ops.unsqueeze(ops.subtract(places, middle), np.int64(1)), frequency[None]
        )
        both = ops.unsqueeze(ops.concat([ops.sin(angles), ops.cos(angles)], 1), np.int64(axis))
        whole = [ops.unsqueeze(each, np.int64(0)) for each in (height, width)]
        size = ops.concat([*whole, np.array([2 * quarter], np.int64)], 0)
        waves.append(ops.broadcast(both, size))
    return ops.reshape(ops.concat(waves, 2), np.array([1, -1, dim], np.int64), False)


def _side(shape: "Node", axis: int) -> "Node":
    return ops.gather(shape, np.int64(axis), np.int64(0))


def _norm(tokens: "Node", part: Weights) -> "Node":
    last = np.array([-1], np.int64)
    centred = ops.mvn(tokens, last, True, _EPSILON, "inside_sqrt")
    return ops.add(ops.multiply(centred, part.array("weight")), part.array("bias"))


def _linear(tokens: "Node", part: Weights) -> "Node":
    return ops.add(ops.matmul(tokens, part.array("weight"), False, True), part.array("bias"))


def _turned(features: "Node", order: list[int]) -> "Node":
    return ops.transpose(features, np.array(order, np.int64))
