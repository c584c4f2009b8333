"""The graph of :class:`model_zoo.unet.UNet`."""

from typing import TYPE_CHECKING

from model_zoo.graphs.layers import conv, double_conv, joined, pooled, widened
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node


def build(slices: "Node", weights: Weights) -> "tuple[Node, int]":
    """From slices to logits, and what their sides must be a multiple of."""
    first, *levels = weights["down"].parts()
    features, skips = double_conv(slices, first), []
    for level in levels:
        skips.append(features)
        features = double_conv(pooled(features), level)
    for up, merge in zip(weights["up"].parts(), weights["merge"].parts(), strict=True):
        features = double_conv(joined(skips.pop(), widened(features, up)), merge)
    return conv(features, weights["head"]), 2 ** len(levels)
