"""How far an ONNX file says the same as PyTorch, and how long either takes for a slice."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import nn

from common.errors import InputError
from common.vocabulary import MODALITIES
from inference.case import Case
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import from_slices, prepare
from inference.network.segmentation import label_map
from inference.network.slice_adapter import SliceAdapter, slice_adapter_of
from model_zoo.segmenter import Segmenter
from training.release.onnx_export import SLICES
from training.results import machine

_REPEATS = 20
_SIDE = 240

SAMPLE = Path(__file__).parents[2] / "assets" / "sample" / "synthetic_glioma"

# (n, 4, h, w) normalised slices to (n, 3, h, w) logits.
Network = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class Agreement:
    """Two label maps of one case.

    Args:
        tumour: Voxels that PyTorch's labels as tumour.
        differing: Voxels with another label.
        voxels: Voxels of the whole volume.
    """

    tumour: int
    differing: int
    voxels: int

    @property
    def share(self) -> float:
        """The share of the volume that is labelled alike."""
        return 1 - self.differing / self.voxels


def measure(name: str, model: Segmenter, file: Path, *, weights: str) -> dict:
    """Hold a file against the model it was made of, on the synthetic sample.

    Args:
        name: Of the registry.
        model: Its network, in evaluation mode.
        file: What :func:`training.release.onnx_export.export_onnx` wrote of it.
        weights: Their checksum.

    Returns:
        ``{"weights", "bytes", "arithmetic", "machine", "command", "sample": {"voxels", "tumour",
        "differing"}, "slice": {"side", "repeats", "seconds": {RUNTIME: {"median", "fastest"}}}}``;
        seconds are those of a slice on one core.

    Raises:
        InputError: for a model that does not read all modalities of one slice, at any size.
    """
    if slice_adapter_of(model) != SliceAdapter():
        raise InputError("--measure needs a model that reads four modalities of slices of any size")
    torch.set_num_threads(1)
    with open_cases([SAMPLE]) as (files,):
        case = read_case(files)
    ours, theirs = torch_network(model), onnx_network(file)
    found = compare(case, ours, theirs, divisor=model.divisor)
    taken = seconds_a_slice(ours, theirs, divisor=model.divisor)
    return {
        "weights": weights,
        "bytes": file.stat().st_size,
        "arithmetic": "float32",
        "machine": machine(),
        "command": f"python -m training export --model {name} --measure",
        "sample": asdict(found),
        "slice": {
            "side": _SIDE,
            "repeats": _REPEATS,
            "seconds": {
                runtime: dict(zip(("median", "fastest"), each, strict=True))
                for runtime, each in zip(("pytorch", "onnx_runtime"), taken, strict=True)
            },
        },
    }


def format_measured(measured: dict) -> str:
    """What :func:`measure` found, in words."""
    sample, lone = measured["sample"], measured["slice"]
    plain, fast = (lone["seconds"][runtime] for runtime in ("pytorch", "onnx_runtime"))
    side = lone["side"]
    return (
        f"Sample: {sample['differing']} of {sample['voxels']:,} voxels differ from PyTorch's label "
        f"map in float32, which has {sample['tumour']:,} of tumour.\n"
        f"A slice of {side}×{side} on one core, median (fastest) of {lone['repeats']}: ONNX "
        f"Runtime {_ms(fast)}, PyTorch {_ms(plain)}, ratio {fast['median'] / plain['median']:.2f}."
    )


def _ms(seconds: dict[str, float]) -> str:
    return f"{1000 * seconds['median']:.1f} ({1000 * seconds['fastest']:.1f}) ms"


def onnx_network(file: Path) -> Network:
    """Open a file in ONNX Runtime, on one core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    return lambda slices: session.run(None, {SLICES: slices})[0]


def torch_network(model: nn.Module) -> Network:
    """The same of a PyTorch model, in float32."""

    @torch.inference_mode()
    def logits(slices: np.ndarray) -> np.ndarray:
        return model(torch.from_numpy(slices)).numpy()

    return logits


def compare(case: Case, one: Network, other: Network, *, divisor: int) -> Agreement:
    """Label a case with both, as :mod:`inference.network.engine` does."""
    first, second = (label(case, network, divisor=divisor) for network in (one, other))
    tumour, differing = (int(np.count_nonzero(each)) for each in (first, first != second))
    return Agreement(tumour, differing, first.size)


def label(case: Case, network: Network, *, divisor: int) -> np.ndarray:
    """(X, Y, Z) label map of a case, slice by slice.

    Args:
        case: The scan.
        network: What answers.
        divisor: What rows and columns of its slices must be a multiple of.
    """
    prepared = prepare(case)
    answers = [_probabilities(network, slice_, divisor) for slice_ in prepared.slices]
    return label_map(from_slices(np.stack(answers)), prepared.box, case.shape)


def _probabilities(network: Network, slice_: np.ndarray, divisor: int) -> np.ndarray:
    _, rows, columns = slice_.shape
    if not slice_.any():
        return np.zeros((3, rows, columns), np.float16)
    margins = (0, 0), (0, -rows % divisor), (0, -columns % divisor)
    logits = network(np.pad(slice_, margins)[None])[0, :, :rows, :columns]
    return (1 / (1 + np.exp(-logits))).astype(np.float16) * slice_.any(axis=0)


def seconds_a_slice(*networks: Network, divisor: int) -> list[tuple[float, float]]:
    """Seconds of each network for a slice of 240×240, in turns since the machine may be shared.

    Returns:
        Median and fastest, for each network.
    """
    side = _SIDE + -_SIDE % divisor
    noise = np.random.default_rng(0).standard_normal((1, len(MODALITIES), side, side), np.float32)
    taken = [[] for _ in networks]
    for _ in range(_REPEATS):
        for network, times in zip(networks, taken, strict=True):
            start = time.perf_counter()
            network(noise)
            times.append(time.perf_counter() - start)
    return [(statistics.median(times), min(times)) for times in taken]
