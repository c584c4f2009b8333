"""A trained model as ONNX, for runtimes that are not PyTorch: a phone, a browser, a small server.

What is written is the network alone, from slices to logits. The rows and columns it is given must
be multiples of the ``divisor`` in the file's metadata; zeros at their ends, which is what
background is, make them so (:func:`model_zoo.segmenter.pad_to_multiple`).
"""

import itertools
import warnings
from collections import defaultdict
from io import BytesIO
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import ModelProto, TensorProto, helper, numpy_helper
from torch import Tensor, nn

from model_zoo.segmenter import Segmenter
from model_zoo.weights.provenance import Provenance

ONNX_FILE = "model.onnx"
SLICES, LOGITS = "slices", "logits"

# 17 is in every ONNX Runtime since 2022; nothing here needs a later one.
_OPSET = 17
# Fewer numbers than this are not worth the node that widens them again.
_WORTH_HALVING = 64
# What the axes of an image are called, by how many there are.
_AXES = {2: ("rows", "columns"), 3: ("x", "y", "z")}


def export_onnx(model: Segmenter, origin: Provenance, file: Path) -> int:
    """Write a model and return the bytes it takes.

    Batch normalisation goes into the convolutions before it, weights are kept in float16 and
    widened once when a session is opened: the arithmetic stays float32.

    Args:
        model: A trained network in evaluation mode.
        origin: Where its weights came from; goes into the metadata.
        file: Where to write.
    """
    graph = _short_names(_halved(traced(model)))
    facts = {
        "divisor": str(model.divisor),
        "modalities": ",".join(model.modalities),
        "regions": ",".join(model.regions),
        "weights_sha256": origin.sha256,
    }
    if len(model.neighbours) > 1:
        facts["neighbours"] = ",".join(map(str, model.neighbours))
    helper.set_model_props(graph, facts)
    onnx.checker.check_model(graph, full_check=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    content = graph.SerializeToString()
    file.write_bytes(content)
    return len(content)


class _Network(nn.Module):
    """The network without the padding, which would be a third of the graph."""

    def __init__(self, model: Segmenter) -> None:
        super().__init__()
        self.model = model

    def forward(self, slices: Tensor) -> Tensor:
        return self.model.logits(slices)


def traced(model: Segmenter) -> ModelProto:
    """The network as an ONNX graph in float32, of any number and size of slices."""
    channels = len(model.modalities) * len(model.neighbours)
    names = _AXES[model.dimensions]
    # No number of the example may be taken for a rule: all sizes differ.
    sizes = [times * model.divisor for times in (4, 6, 5)[: len(names)]]
    example = torch.zeros(2, channels, *sizes)
    free = {0: "slices", **dict(enumerate(names, 2))}
    content = BytesIO()
    with warnings.catch_warnings():
        # The way that needs no further package; PyTorch recommends the other one.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Network(model).eval(),
            (example,),
            content,
            dynamo=False,
            opset_version=_OPSET,
            input_names=[SLICES],
            output_names=[LOGITS],
            dynamic_axes={SLICES: free, LOGITS: free},
        )
    return onnx.load_from_string(content.getvalue())


def _halved(graph: ModelProto) -> ModelProto:
    """Weights in float16, each with a node that widens it; runtimes do that once."""
    widened = []
    for weight in graph.graph.initializer:
        values = numpy_helper.to_array(weight)
        if values.dtype != np.float32 or values.size < _WORTH_HALVING:
            continue
        name = weight.name
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}:half"))
        widened.append(helper.make_node("Cast", [f"{name}:half"], [name], to=TensorProto.FLOAT))
    nodes = [*widened, *graph.graph.node]
    del graph.graph.node[:]
    graph.graph.node.extend(nodes)
    return graph


def _short_names(graph: ModelProto) -> ModelProto:
    """Without the names of modules, which take more room than half of the weights."""
    names = defaultdict(map(str, itertools.count()).__next__)
    names |= {name: name for name in ("", SLICES, LOGITS)}
    for weight in graph.graph.initializer:
        weight.name = names[weight.name]
    for node in graph.graph.node:
        node.name = node.doc_string = ""
        for places in (node.input, node.output):
            places[:] = [names[name] for name in places]
    del graph.graph.value_info[:]
    return graph
