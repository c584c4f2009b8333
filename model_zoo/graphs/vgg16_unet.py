"""The graph of :class:`model_zoo.vgg16_unet.VGG16UNet`."""

from typing import TYPE_CHECKING

from model_zoo.graphs.layers import conv, ops, pooled
from model_zoo.graphs.smp_decoder import decoded
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node

# The places of the convolutions among the encoder's layers, level by level; behind each stands its
# batch normalisation.
_CONVOLUTIONS = ((0, 3), (7, 10), (14, 17, 20), (24, 27, 30), (34, 37, 40))


def build(slices: "Node", weights: Weights) -> "tuple[Node, int]":
    """From slices to logits, and what their sides must be a multiple of."""
    network, features, levels = weights["network"], slices, []
    layers = network["encoder"]["features"]
    for places in _CONVOLUTIONS:
        for place in places:
            features = ops.relu(conv(features, layers[place], norm=layers[place + 1]))
        levels.append(features)
        features = pooled(features)
    halved = [*levels[1:], features]
    return decoded(halved, network), 2 ** len(halved)
