"""A network as a graph that OpenVINO runs on the processor: no PyTorch, no parameters."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from common.planes import AXIAL
from common.processor import usable_cores
from model_zoo._openvino import import_openvino
from model_zoo.registry import ModelContract

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model

INT8: Final = "int8"


class GraphNetwork:
    """What one model reads and answers, as its :class:`ModelContract` says, and what runs it.

    Args:
        graph: The ``.xml`` file, its ``.bin`` beside it; or a graph in memory.
        known: The model's entry of the registry.
        divisor: What the sides of its images must be a multiple of.
        arithmetic: What it is calculated in: ``"int8"``, ``"bfloat16"`` or ``"float32"``.
        planes: Whose slices it has learned from.
    """

    def __init__(
        self,
        graph: "Path | Model",
        known: ModelContract,
        *,
        divisor: int,
        arithmetic: str = INT8,
        planes: tuple[str, ...] = (AXIAL,),
    ) -> None:
        self.modalities, self.neighbours = known.modalities, known.neighbours
        self.regions, self.size, self.dimensions = known.regions, known.size, known.dimensions
        self.divisor, self.arithmetic, self.planes = divisor, arithmetic, planes
        self._file = graph if isinstance(graph, Path) else None
        self._network: CompiledModel | None = None
        self._requests: list[InferRequest] = []
        self._lock = threading.Lock()  # a request answers one question at a time
        self._compile(graph)

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """(N, C, …) normalised images of any size to (N, R, …) float32 logits."""
        sides = images.shape[2:]
        missing = [(0, -side % self.divisor) for side in sides]
        logits = self.logits(np.pad(images, [(0, 0), (0, 0), *missing]))
        return logits[(slice(None), slice(None), *map(slice, sides))]

    def logits(self, images: np.ndarray) -> np.ndarray:
        """(N, C, …) to (N, R, …) float32 logits; ``divisor`` divides every side."""
        images = np.ascontiguousarray(images, np.float32)
        with self._lock:
            self._used = True
            share = -(-len(images) // len(self._requests))
            parts = [images[start : start + share] for start in range(0, len(images), share)]
            started = self._requests[: len(parts)]
            for request, part in zip(started, parts, strict=True):
                request.start_async([part])
            for request in started:
                request.wait()
            # A copy: the next question is answered in the same place.
            return np.concatenate([each.get_output_tensor(0).data for each in started])

    def rest(self, *, for_long: bool = False) -> None:
        """Give back the memory that it calculated in, some fifty megabytes.

        Args:
            for_long: Also what it has prepared for each size of slices that it was shown, some
                hundred megabytes more. Where it was read from a file it is read anew, which takes
                half a second, and the next scan a tenth longer: this is for when nobody waits.
        """
        with self._lock:
            if for_long and self._file is not None and self._used:
                self._compile(self._file)
            elif self._network is not None:
                self._network.release_memory()

    def _compile(self, graph: "Path | Model") -> None:
        workers = usable_cores()
        # The old one goes before the new one comes.
        self._requests, self._network = [], None
        self._network = network = _compiled(graph, workers, self.arithmetic)
        self._requests = [network.create_infer_request() for _ in range(workers)]
        self._used = False


def _compiled(graph: "Path | Model", workers: int, arithmetic: str) -> "CompiledModel":
    openvino = import_openvino()
    settings = {
        # One visitor at a time is answered, with all the cores there are. Each core
        # has slices of its own: where all share one, they meet after every layer, and wait for the
        # one that something else, such as a browser, has delayed.
        "NUM_STREAMS": workers,
        "INFERENCE_NUM_THREADS": workers,
        # A host that several share does not give its cores away one by one.
        "ENABLE_CPU_PINNING": False,
    }
    if arithmetic != INT8:
        settings["INFERENCE_PRECISION_HINT"] = {"bfloat16": "bf16", "float32": "f32"}[arithmetic]
    return openvino.Core().compile_model(graph, "CPU", settings)
