from collections import Counter

import numpy as np
import openvino
import pytest
from openvino import opset13 as ops

from benchmarks.arithmetic import _of_one, matrix_rate, multiply_adds, recorded
from model_zoo.weights.loading import load_model


def graph_of(layer, channels=4):
    """A graph of one layer, of any number and size of images."""
    images = ops.parameter([-1, channels, -1, -1], np.float32)
    return openvino.Model([layer(images)], [images], "one layer")


def weights(*shape):
    return ops.constant(np.ones(shape, np.float32))


def convolution(images):
    return ops.convolution(images, weights(8, 4, 3, 3), [2, 2], [1, 1], [1, 1], [1, 1])


def depthwise(images):
    return ops.group_convolution(images, weights(4, 1, 1, 3, 3), [1, 1], [1, 1], [1, 1], [1, 1])


def upwards(images):
    return ops.convolution_backprop_data(images, weights(4, 2, 2, 2), [2, 2])


def product(images):
    return ops.matmul(images, ops.transpose(images, [0, 1, 3, 2]), False, False)


@pytest.mark.parametrize(
    ("layer", "amount"),
    [
        (convolution, 8 * (8 * 8) * 4 * 9),
        (depthwise, 4 * (16 * 16) * 9),
        (upwards, 4 * (16 * 16) * 2 * 4),
        (product, 4 * (16 * 16) * 16),
    ],
)
def test_each_kind_is_counted_by_its_formula(layer, amount):
    assert _of_one(graph_of(layer), (4, 16, 16)) == amount


def test_what_a_network_was_shown_is_counted_and_the_network_left_as_it_was():
    model, _ = load_model("edge_unet", precision="float")
    images = np.zeros((2, 4, 64, 96), np.float32)
    plain = model(images)
    with recorded(model) as shown:
        np.testing.assert_array_equal(model(images), plain)
        model(images[:1])
    assert shown == Counter({(4, 64, 96): 3})
    model(images)
    assert shown == Counter({(4, 64, 96): 3})
    whole, half = multiply_adds(model, shown), multiply_adds(model, Counter({(4, 64, 48): 3}))
    assert whole == pytest.approx(2 * half)
    assert whole > 1e7


@pytest.mark.slow
@pytest.mark.usefixtures("short_rates")
def test_a_rate_is_that_of_a_processor():
    assert 1e8 < matrix_rate("float32") < 1e14
