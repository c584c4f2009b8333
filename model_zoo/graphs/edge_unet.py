"""The graph of :class:`model_zoo.edge_unet.EdgeUNet`."""

from typing import TYPE_CHECKING

from model_zoo.graphs.layers import conv, conv_norm_act, doubled, ops
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node

_PIXELS = 2


def build(slices: "Node", weights: Weights) -> "tuple[Node, int]":
    """From slices to logits, and what their sides must be a multiple of."""
    folded = ops.space_to_depth(slices, "depth_first", _PIXELS)
    features, skips = conv_norm_act(folded, weights["stem"]), []
    levels = weights["down"].parts()
    for level in levels:
        skips.append(features)
        features = _separable(_separable(features, level[0], stride=2), level[1])
    for up, merge in zip(weights["up"].parts(), weights["merge"].parts(), strict=True):
        wider = doubled(conv(features, up), linear=True)
        features = _separable(ops.add(skips.pop(), wider), merge)
    logits = ops.depth_to_space(conv(features, weights["head"]), "depth_first", _PIXELS)
    return logits, _PIXELS * 2 ** len(levels)


def _separable(features: "Node", part: Weights, *, stride: int = 1) -> "Node":
    return ops.relu(conv(conv(features, part[0], stride=stride), part[1], norm=part[2]))
