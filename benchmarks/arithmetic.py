"""The least time that a network's arithmetic takes: its multiply-adds over this machine's rate.

No way of running the same network on the same slices is faster than its multiplications are; how
near a measured time is shows what is left to gain without changing the network.
"""

import math
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from common.processor import usable_cores
from model_zoo._openvino import import_openvino
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.folder import INT8

if TYPE_CHECKING:
    from openvino import CompiledModel, Model, Node

# Of the matrices whose product is timed, large enough that nothing but it counts.
_SIDE: Final = 2048
_PRODUCTS: Final = 4
_WINDOWS: Final = 5
_WINDOW_SECONDS: Final = 0.2
_HINTS: Final = {"bfloat16": "bf16", "float32": "f32"}


@contextmanager
def recorded(model: GraphNetwork) -> Iterator[Counter[tuple[int, ...]]]:
    """Count the images that a network is shown, by their (C, …) shape, while the block runs."""
    shapes: Counter[tuple[int, ...]] = Counter()
    answer, counting = model.logits, threading.Lock()

    def logits(images: np.ndarray, *, cores: int | None = None) -> np.ndarray:
        with counting:
            shapes[images.shape[1:]] += len(images)
        return answer(images, cores=cores)

    vars(model)["logits"] = logits
    try:
        yield shapes
    finally:
        del vars(model)["logits"]


def multiply_adds(model: GraphNetwork, shown: Counter[tuple[int, ...]]) -> int:
    """Those of a network for all the images it was shown."""
    return sum(count * _of_one(model.graph(), shape) for shape, count in shown.items())


def _of_one(graph: "Model", shape: tuple[int, ...]) -> int:
    graph.reshape([1, *shape])
    return sum(_of_node(node) for node in graph.get_ordered_ops())


def _of_node(node: "Node") -> int:
    """Those of convolutions and matrix products; what else there is grows with the image alone."""
    kind = node.get_type_name()
    if kind not in ("Convolution", "GroupConvolution", "ConvolutionBackpropData", "MatMul"):
        return 0
    first, second = (list(node.input_value(n).get_shape()) for n in (0, 1))
    answered = math.prod(node.get_output_shape(0))
    if kind == "Convolution":  # weights (out, in, …)
        return answered * math.prod(second[1:])
    if kind == "GroupConvolution":  # weights (groups, out, in, …)
        return answered * math.prod(second[2:])
    if kind == "ConvolutionBackpropData":  # weights (in, out, …)
        return math.prod(first) * math.prod(second[1:])
    return answered * first[-2 if node.get_attributes()["transpose_a"] else -1]


def matrix_rate(arithmetic: str) -> float:
    """Multiply-adds a second of large matrix products on all cores, in a network's arithmetic.

    Args:
        arithmetic: ``"int8"``, ``"bfloat16"`` or ``"float32"``.
    """
    openvino, cores = import_openvino(), usable_cores()
    settings = {"NUM_STREAMS": cores, "INFERENCE_NUM_THREADS": cores}
    if arithmetic != INT8:
        settings["INFERENCE_PRECISION_HINT"] = _HINTS[arithmetic]
    products = openvino.Core().compile_model(_products(arithmetic), "CPU", settings)
    return max(_rate(products, cores) for _ in range(_WINDOWS))


def _products(arithmetic: str) -> "Model":
    """A matrix times several others, one after the other, each as a network's layers are."""
    openvino = import_openvino()
    ops = openvino.opset13
    draw = np.random.default_rng(0)
    images = ops.parameter([_SIDE, _SIDE], np.float32)
    found = images
    for _ in range(_PRODUCTS):
        weights = ops.constant(draw.uniform(-1, 1, (_SIDE, _SIDE)).astype(np.float32))
        if arithmetic == INT8:
            found = ops.fake_quantize(found, *map(np.float32, (0, 255, 0, 255)), 256)
            weights = ops.fake_quantize(weights, *map(np.float32, (-1, 1, -1, 1)), 255)
        found = ops.relu(ops.matmul(found, weights, False, False))
    return openvino.Model([found], [images], "products")


def _rate(products: "CompiledModel", cores: int) -> float:
    images = np.ones((_SIDE, _SIDE), np.float32)
    requests = [products.create_infer_request() for _ in range(cores)]
    done, started = 0, time.perf_counter()
    while time.perf_counter() - started < _WINDOW_SECONDS or not done:
        for request in requests:
            request.start_async([images])
        for request in requests:
            request.wait()
        done += len(requests)
    return done * _PRODUCTS * _SIDE**3 / (time.perf_counter() - started)
