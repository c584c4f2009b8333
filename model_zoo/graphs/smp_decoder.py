"""The decoder of ``segmentation_models_pytorch.Unet``, which two architectures share."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from model_zoo.graphs.layers import conv, conv_norm_act, doubled, joined
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node


def decoded(levels: "Sequence[Node]", network: Weights) -> "Node":
    """From an encoder's features to logits at full resolution.

    Args:
        levels: Features from half resolution down; the last is the deepest.
        network: Of the whole network.
    """
    *skips, features = levels
    decoder = network["decoder"]
    for part in decoder["center"].parts():
        features = conv_norm_act(features, part)
    for block in decoder["blocks"].parts():
        features = doubled(features)
        if skips:
            features = joined(features, skips.pop())
        features = conv_norm_act(conv_norm_act(features, block["conv1"]), block["conv2"])
    return conv(features, network["segmentation_head"][0])
