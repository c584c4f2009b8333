"""The graph of :class:`model_zoo.brain_mask.BrainMask`."""

from typing import TYPE_CHECKING

import numpy as np

from model_zoo.graphs.layers import conv, doubled, joined, ops, pooled
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node

_GROUP = 8
_SLOPE = np.array([0.1], np.float32)
_EPSILON = 1e-5


def build(heads: "Node", weights: Weights) -> "tuple[Node, int]":
    """From heads to logits, and what their sides must be a multiple of."""
    features, skips = _leaky(conv(heads, weights["stem"][0])), []
    levels = weights["down"].parts()
    for level in levels:
        skips.append(features)
        features = _double_conv(pooled(features), level)
    for level in weights["up"].parts():
        features = _double_conv(joined(skips.pop(), doubled(features)), level)
    last = joined(skips.pop(), doubled(features))
    features = _leaky(conv(last, weights["last"][0]))
    return conv(features, weights["head"]), 2 ** len(levels)


def _double_conv(features: "Node", part: Weights) -> "Node":
    return _normalised_conv(_normalised_conv(features, part[0]), part[1])


def _normalised_conv(features: "Node", part: Weights) -> "Node":
    found = conv(features, part[0])
    scale, shift = part[1].array("weight"), part[1].array("bias")
    normalised = ops.group_normalization(found, scale, shift, len(scale) // _GROUP, _EPSILON)
    return _leaky(normalised)


def _leaky(features: "Node") -> "Node":
    return ops.prelu(features, _SLOPE)
