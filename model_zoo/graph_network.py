"""A network as a graph that OpenVINO runs on the processor: no PyTorch, no parameters."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from common.memory import trim_heap
from common.planes import AXIAL
from common.processor import usable_cores
from model_zoo._openvino import import_openvino
from model_zoo.registry import ModelContract

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model

INT8: Final = "int8"
_CACHE_SIZE: Final = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
_KEPT: Final = "64"


class GraphNetwork:
    """What one model reads and answers, as its :class:`ModelContract` says, and what runs it.

    Args:
        graph: From images to logits, of any number and size of images.
        again: Gives the same once more, for when it is compiled anew (:meth:`wake`).
        known: The model's entry of the registry.
        divisor: What the sides of its images must be a multiple of.
        arithmetic: What it is calculated in: ``"int8"``, ``"bfloat16"`` or ``"float32"``.
        planes: Whose slices it has learned from.
        settled: Called when it is compiled and when it rests: what its graph was read from is not
            looked at until it is shown slices of another size.
    """

    def __init__(
        self,
        graph: "Model",
        again: "Callable[[], Model]",
        known: ModelContract,
        *,
        divisor: int,
        arithmetic: str = INT8,
        planes: tuple[str, ...] = (AXIAL,),
        settled: "Callable[[], None]" = lambda: None,
    ) -> None:
        self.modalities, self.neighbours = known.modalities, known.neighbours
        self.regions, self.size, self.dimensions = known.regions, known.size, known.dimensions
        self.divisor, self.arithmetic, self.planes = divisor, arithmetic, planes
        self._again, self._settled = again, settled
        self._network: CompiledModel | None = None
        self._lock = threading.Lock()  # of what follows, but not of what answers
        self.cores = usable_cores()
        # None in place of one that failed.
        self._free: SimpleQueue[InferRequest | None] = SimpleQueue()
        self._compile(graph)

    def __call__(self, images: np.ndarray, *, cores: int | None = None) -> np.ndarray:
        """(N, C, …) normalised images of any size to (N, R, …) float32 logits.

        Args:
            images: What it is shown.
            cores: Among how many they are shared out; None for all. As many may ask at once as
                there are cores for what they ask.
        """
        sides = images.shape[2:]
        missing = [(0, -side % self.divisor) for side in sides]
        logits = self.logits(np.pad(images, [(0, 0), (0, 0), *missing]), cores=cores)
        return logits[(slice(None), slice(None), *map(slice, sides))]

    def logits(self, images: np.ndarray, *, cores: int | None = None) -> np.ndarray:
        """(N, C, …) to (N, R, …) float32 logits; ``divisor`` divides every side."""
        images = np.ascontiguousarray(images, np.float32)
        share = -(-len(images) // min(cores or self.cores, self.cores))
        parts = [images[start : start + share] for start in range(0, len(images), share)]
        with self._borrowed(len(parts)) as requests:
            for request, part in zip(requests, parts, strict=True):
                request.start_async([part])
            for request in requests:
                request.wait()
            # A copy: the next question is answered in the same place.
            return np.concatenate([each.get_output_tensor(0).data for each in requests])

    @contextmanager
    def _borrowed(self, count: int) -> "Iterator[list[InferRequest]]":
        """So many of its requests, each of which answers one question at a time."""
        with self._lock:
            requests = self._taken(count)
            free, self._used = self._free, True
        given_back: Sequence[InferRequest | None] = requests
        try:
            yield requests
        except (RuntimeError, MemoryError):
            # Another may still be at work: whoever comes next has the network compiled anew. Of
            # these no one may be, when it goes.
            for request in requests:
                with suppress(RuntimeError, MemoryError):
                    request.wait()
            given_back = [None] * count
            raise
        finally:
            for request in given_back:
                free.put(request)

    def _taken(self, count: int) -> "list[InferRequest]":
        """So many free requests; those who give them back need no lock for it."""
        while True:
            self._wake()
            requests = [self._free.get() for _ in range(count)]
            found = [request for request in requests if request is not None]
            if len(found) == count:
                return found
            self._network = None

    def graph(self) -> "Model":
        """Its graph once more: from images to logits, of any number and size of images.

        It is of use for as long as this network is there.
        """
        return self._again()

    def rest(self, *, for_long: bool = False) -> None:
        """Give back the memory that it calculated in, some fifty megabytes.

        Args:
            for_long: Also what it has prepared for each size of slices that it was shown, two
                hundred megabytes more, and itself with it. It has to :meth:`wake` for the next
                scan, which takes half a second, and the scan then a tenth longer.
        """
        with self._lock:
            if self._network is None:
                return
            requests = self._taken(self.cores)
            if for_long and self._used:
                self._network, self._free = None, SimpleQueue()
                requests.clear()
                self._settled()
                trim_heap()
                return
            self._network.release_memory()
            self._settled()
            for request in requests:
                self._free.put(request)

    @property
    def is_awake(self) -> bool:
        """Whether it is ready to answer at once."""
        return self._network is not None

    def wake(self) -> None:
        """Be ready for the next scan, after a rest for long.

        Raises:
            WeightsError: if its files are not what they were any more.
        """
        if not self.is_awake:
            with self._lock:
                self._wake()

    def _wake(self) -> None:
        if self._network is None:
            self._compile(self._again())

    def _compile(self, graph: "Model") -> None:
        self._network = network = _compiled(graph, self.cores, self.arithmetic)
        self._free = SimpleQueue()
        for _ in range(self.cores):
            self._free.put(network.create_infer_request())
        self._used = False
        self._settled()


def read_graph(layers: bytes, numbers: bytes | np.ndarray) -> "Model":
    """The graph of what an ``.xml`` file and the ``.bin`` beside it hold.

    Args:
        layers: What the ``.xml`` file holds.
        numbers: What the ``.bin`` file holds. An array is looked at where it lies: it has to be
            there for as long as the graph and what is compiled of it.

    Raises:
        RuntimeError: where OpenVINO cannot read it.
    """
    openvino = import_openvino()
    if isinstance(numbers, np.ndarray):
        numbers = openvino.Tensor(numbers, shared_memory=True)
    return openvino.Core().read_model(layers, numbers)


def _compiled(graph: "Model", workers: int, arithmetic: str) -> "CompiledModel":
    openvino = import_openvino()
    settings: dict[str, Any] = {
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
    with _small_second_cache():
        return openvino.Core().compile_model(graph, "CPU", settings)


@contextmanager
def _small_second_cache() -> Iterator[None]:
    """Have oneDNN keep few primitives of its own beside those that OpenVINO keeps.

    Two cores that are shown slices of one size share what is made for the first. The thousand that
    it would keep are mostly of networks that are gone, some hundred megabytes of each. It asks
    once, at its first work in OpenVINO; PyTorch has a oneDNN of its own, which needs them.
    """
    before = os.environ.get(_CACHE_SIZE)
    os.environ.setdefault(_CACHE_SIZE, _KEPT)
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_CACHE_SIZE, None)
