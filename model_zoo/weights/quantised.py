"""Trained weights in int8: an OpenVINO graph beside the tensors it was made of, and what runs it.

Eight-bit integers are what processors without a graphics card multiply fastest (VNNI), two to
three times as fast as bfloat16 through PyTorch. ``python -m training quantise`` writes the graph;
where it is missing, or OpenVINO is not installed, the tensors are loaded as ever.
"""

import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor

from model_zoo._openvino import import_openvino
from model_zoo.errors import DamagedWeightsError, WeightsError
from model_zoo.factory import with_contract
from model_zoo.registry import contract
from model_zoo.segmenter import Segmenter
from model_zoo.weights.folder import GRAPH, INT8, INTEGERS, TENSORS, sha256, shown

if TYPE_CHECKING:
    from openvino import CompiledModel

_FILES: Final = (GRAPH, INTEGERS)


class QuantisedSegmenter(Segmenter):
    """A network as an int8 graph, run by OpenVINO on the processor.

    It answers as the network it was made of, but has no parameters and no gradients.

    Args:
        graph: The ``.xml`` file, its ``.bin`` beside it.
        divisor: What rows and columns of its slices must be a multiple of.
    """

    arithmetic = "int8"

    def __init__(self, graph: Path, *, divisor: int) -> None:
        super().__init__()
        self.divisor = divisor
        workers = torch.get_num_threads()
        self._network = _compiled(graph, workers)
        self._requests = [self._network.create_infer_request() for _ in range(workers)]
        self._lock = threading.Lock()  # a request answers one question at a time

    def logits(self, slices: Tensor) -> Tensor:
        """(N, C, H, W) to (N, R, H, W) float32 logits; ``divisor`` divides H and W."""
        parts = slices.float().contiguous().chunk(len(self._requests))
        with self._lock:
            started = self._requests[: len(parts)]
            for request, part in zip(started, parts, strict=True):
                request.start_async([part.numpy()])
            for request in started:
                request.wait()
            answers = [torch.from_numpy(each.get_output_tensor(0).data) for each in started]
            return torch.cat(answers)  # a copy: the next question is answered in the same place

    def rest(self) -> None:
        """Give back the memory that it calculated in, some fifty megabytes.

        The next scan takes a tenth longer, so this is for when nobody waits.
        """
        with self._lock:
            self._network.release_memory()


def can_run_quantised() -> bool:
    """Whether OpenVINO is there; a graphics card is faster still, and left to PyTorch."""
    return find_spec("openvino") is not None and not torch.cuda.is_available()


def read_quantised(folder: Path, config: dict, name: str) -> QuantisedSegmenter | None:
    """The int8 form in a weights folder; None where there is none, or nothing to run it.

    Args:
        folder: Of the weights.
        config: Its ``config.json``.
        name: The model's name in the registry.

    Raises:
        WeightsError: if it is damaged, or was made of other weights than those beside it.
    """
    entry = config.get(INT8)
    if entry is None or not can_run_quantised():
        return None
    if not all((folder / file).is_file() for file in _FILES):
        return None
    check_quantised(folder, config)
    try:
        model = QuantisedSegmenter(folder / GRAPH, divisor=entry["divisor"])
    except RuntimeError as error:
        raise WeightsError(f"OpenVINO cannot read {shown(folder / GRAPH)}.") from error
    known = contract(name)
    return with_contract(model, known, known.neighbours).eval()


def check_quantised(folder: Path, config: dict) -> None:
    """Compare the int8 form in a weights folder with what ``config.json`` promises of it.

    Raises:
        WeightsError: if it is damaged, or was made of other weights than those beside it.
    """
    entry = config[INT8]
    if entry["of"] != config["sha256"]:
        raise WeightsError(
            f"{shown(folder / GRAPH)} was made of other weights than {TENSORS} beside it; "
            "write it anew: python -m training quantise."
        )
    for file in _FILES:
        if not (folder / file).is_file():
            raise WeightsError(f"{shown(folder)} has no {file}, which its config.json promises.")
        if sha256(folder / file) != entry["sha256"][file]:
            raise DamagedWeightsError(
                f"{shown(folder / file)} is damaged: its checksum is not the one in config.json; "
                "fetch it again."
            )


def _compiled(graph: Path, workers: int) -> "CompiledModel":
    openvino = import_openvino()
    settings = {
        # One visitor at a time is answered, with all the cores that PyTorch would use. Each core
        # has slices of its own: where all share one, they meet after every layer, and wait for the
        # one that something else, such as a browser, has delayed.
        "NUM_STREAMS": workers,
        "INFERENCE_NUM_THREADS": workers,
        # A host that several share does not give its cores away one by one.
        "ENABLE_CPU_PINNING": False,
    }
    return openvino.Core().compile_model(graph, "CPU", settings)
