"""The int8 form of trained weights: quantised by NNCF, on slices of training patients.

Weights are quantised by channel; what flows between the layers by the range it takes on those
slices; the errors that this leaves on average go into the biases. Source: Jacob et al. 2018,
Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference;
Nagel et al. 2019, Data-Free Quantization through Weight Equalization and Bias Correction. The last
convolution stays in floating point: it is cheap, and its logits decide at the border.
"""

import json
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from inference.case import Case
from inference.network.preprocess import from_slices, prepare, to_slices
from inference.network.slice_adapter import slice_adapter_of
from model_zoo._openvino import import_openvino
from model_zoo.graph_network import GraphNetwork, read_graph
from model_zoo.registry import contract
from model_zoo.segmenter import Segmenter, pad_to_multiple
from model_zoo.transunet import Block
from model_zoo.weights.folder import CONFIG, GRAPH, INT8, INTEGERS, read_config, sha256
from model_zoo.weights.loading import load_network
from training.data.patients import read_split
from training.release.onnx_export import traced

# A few of every patient say more than many of one. More than these changed nothing on validation.
SLICES_A_PATIENT = 6

_WEIGHTED = ("Convolution", "GroupConvolution", "ConvolutionBackpropData", "MatMul")


def quantise(name: str, folder: Path, data: Path) -> int:
    """Write the int8 form of the weights in a folder beside them and return the bytes it takes.

    Args:
        name: The model's name in the registry.
        folder: With its weights; gets the graph, and an entry in ``config.json``.
        data: Folder with ``cases.csv`` and the cases, of which the training split is read.

    Raises:
        InputError: if the data cannot be read.
        WeightsError: if there are no weights.
    """
    model, _ = load_network(name, folder=folder)
    slices = list(calibration_slices(read_split(data, "train"), model))
    _write_graph(model, slices, folder)
    config = read_config(folder, name)
    config[INT8] = {
        "of": config["sha256"],
        "divisor": model.divisor,
        "calibrated_on": f"{len(slices)} slices of training patients",
        "sha256": {file: sha256(folder / file) for file in (GRAPH, INTEGERS)},
    }
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    return sum((folder / file).stat().st_size for file in (GRAPH, INTEGERS))


def quantised_network(name: str, model: Segmenter, cases: Iterable[Case]) -> GraphNetwork:
    """The int8 form of a network that is not kept in a weights folder, as it would be read of one.

    Args:
        name: The model's name in the registry.
        model: A trained network of it, in evaluation mode.
        cases: On slices of which its ranges are measured.
    """
    with TemporaryDirectory() as place:
        folder = Path(place)
        _write_graph(model, list(calibration_slices(cases, model)), folder)
        files = [(folder / file).read_bytes() for file in (GRAPH, INTEGERS)]
    again = partial(read_graph, *files)
    known = contract(name)
    return GraphNetwork(again(), again, known, divisor=model.divisor, planes=model.planes)


def calibration_slices(cases: Iterable[Case], model: Segmenter) -> Iterator[np.ndarray]:
    """Slices as the network sees them, (1, C, H, W) each, evenly from end to end of every plane.

    Args:
        cases: Whose slices.
        model: The network; its divisor divides the rows and columns.
    """
    reading, count = slice_adapter_of(model), SLICES_A_PATIENT // len(model.planes)
    for case in cases:
        volume = from_slices(prepare(case).slices)
        for plane in model.planes:
            slices = to_slices(volume, plane)
            occupied = np.flatnonzero(slices.any(axis=(1, 2, 3)))
            # The first and the last hold next to nothing.
            places = np.linspace(0, len(occupied) - 1, count + 2)[1:-1].round().astype(int)
            for place in occupied[places]:
                shown = torch.from_numpy(reading.shown(slices, place[None]))
                yield pad_to_multiple(shown, model.divisor).numpy()


def _write_graph(model: Segmenter, slices: list[np.ndarray], folder: Path) -> None:
    openvino = import_openvino()  # and NNCF after it, which would tell its makers of every use too
    import nncf

    graph = openvino.Core().read_model(traced(model).SerializeToString(), b"")
    last = [node for node in graph.get_ordered_ops() if node.get_type_name() in _WEIGHTED][-1]
    quantised = nncf.quantize(
        graph,
        nncf.Dataset(slices),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(slices),
        fast_bias_correction=False,
        model_type=nncf.ModelType.TRANSFORMER if _has_attention(model) else None,
        ignored_scope=nncf.IgnoredScope(names=[last.get_friendly_name()]),
    )
    openvino.save_model(quantised, folder / GRAPH, compress_to_fp16=True)


def _has_attention(model: Segmenter) -> bool:
    return any(isinstance(part, Block) for part in model.modules())
