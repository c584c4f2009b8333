"""The graph of :class:`model_zoo.resnet_unet.ResNetUNet`."""

from typing import TYPE_CHECKING

from model_zoo.graphs.layers import conv, ops, pooled
from model_zoo.graphs.smp_decoder import decoded
from model_zoo.graphs.weights import Weights

if TYPE_CHECKING:
    from openvino import Node

_STAGES = ("layer1", "layer2", "layer3", "layer4")


def build(slices: "Node", weights: Weights) -> "tuple[Node, int]":
    """From slices to logits, and what their sides must be a multiple of."""
    network = weights["network"]
    encoder = network["encoder"]
    features = ops.relu(conv(slices, encoder["conv1"], norm=encoder["bn1"], stride=2))
    levels = [features]
    features = pooled(features, size=3, padding=1)
    for stage in _STAGES:
        for number, block in enumerate(encoder[stage].parts()):
            halves = number == 0 and stage != _STAGES[0]
            features = _residual(features, block, stride=2 if halves else 1)
        levels.append(features)
    return decoded(levels, network), 2 ** len(levels)


def _residual(features: "Node", block: Weights, *, stride: int) -> "Node":
    body = ops.relu(conv(features, block["conv1"], norm=block["bn1"], stride=stride))
    body = conv(body, block["conv2"], norm=block["bn2"])
    shortcut = features
    if "downsample" in block:
        part = block["downsample"]
        shortcut = conv(features, part[0], norm=part[1], stride=stride)
    return ops.relu(ops.add(body, shortcut))
