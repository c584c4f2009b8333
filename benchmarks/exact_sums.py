"""What VNNI would answer, on a processor without it.

Without VNNI sums of products of eight-bit integers may be cut off. In float32 they are as good as
exact: OpenVINO is told to calculate the graph of an int8 network so, anew for each size of slices,
since with sizes left open it answers some of them wrongly then (OpenVINO 2026.4).
"""

import threading
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from model_zoo.graph_network import GraphNetwork

_IN_FLOAT32: Final = {"LP_TRANSFORMS_MODE": "NO", "INFERENCE_PRECISION_HINT": "f32"}
_lock: Final = threading.Lock()
_compiled: Final[dict[tuple[Any, ...], Callable[..., Any]]] = {}


def sum_exactly() -> None:
    """Have all networks of this process answer so from now on."""
    GraphNetwork.logits = _exact_logits  # type: ignore[method-assign]


def _exact_logits(
    network: GraphNetwork, images: np.ndarray, *, cores: int | None = None
) -> np.ndarray:
    """As :meth:`GraphNetwork.logits`, one image after the other."""
    with _lock:
        key = (id(network), *images.shape[1:])
        if key not in _compiled:
            _compiled[key] = _compile(network, images.shape[1:])
        images = np.ascontiguousarray(images, np.float32)
        return np.concatenate([_compiled[key](image[None])[0].copy() for image in images])


def _compile(network: GraphNetwork, shape: tuple[int, ...]) -> Callable[..., Any]:
    import openvino

    graph = network.graph()
    graph.reshape([1, *shape])
    return openvino.Core().compile_model(graph, "CPU", _IN_FLOAT32)
