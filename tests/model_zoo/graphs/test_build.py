"""Each architecture's graph answers as the PyTorch network of the same tensors."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from model_zoo.graph_network import GraphNetwork
from model_zoo.graphs import float_graph
from model_zoo.registry import contract, every_model
from model_zoo.weights.folder import TENSORS
from model_zoo.weights.loading import load_model, load_network
from model_zoo.weights.provenance import EMBEDDED

SIZES = {2: [(64, 96), (70, 33)], 3: [(40, 48, 24), (33, 20, 17)]}


@pytest.fixture(scope="module", params=every_model())
def networks(request):
    """A model's name, its PyTorch network and its graph in the same arithmetic."""
    name = request.param
    built = float_graph(name, load_file(EMBEDDED / name / TENSORS))
    graph = GraphNetwork(
        built.graph,
        lambda: built.graph,
        contract(name),
        divisor=built.divisor,
        arithmetic="float32",
    )
    return name, load_network(name)[0], graph


@pytest.mark.parametrize("which", [0, 1])
def test_it_answers_as_pytorch_does_at_any_size(networks, which):
    name, network, graph = networks
    known = contract(name)
    size = SIZES[known.dimensions][which]
    shape = (2, len(known.modalities) * len(known.neighbours), *size)
    images = np.random.default_rng(which).normal(size=shape).astype(np.float32)
    with torch.inference_mode():
        expected = network(torch.from_numpy(images)).numpy()
    np.testing.assert_allclose(graph(images), expected, atol=1e-5 * np.abs(expected).max())


def test_it_reads_as_the_network_does(networks):
    _, network, graph = networks
    for what in ("divisor", "modalities", "neighbours", "regions", "size", "dimensions"):
        assert getattr(graph, what) == getattr(network, what)


def test_the_tensors_of_another_architecture_are_refused():
    tensors = load_file(EMBEDDED / "edge_unet" / TENSORS)
    with pytest.raises(ValueError, match="not those of unet"):
        float_graph("unet", tensors)


@pytest.mark.parametrize("change", ["less", "more"])
def test_a_tensor_too_many_or_too_few_is_refused(change):
    tensors = load_file(EMBEDDED / "edge_unet" / TENSORS)
    if change == "less":
        del tensors["head.bias"], tensors["stem.0.weight"]
    else:
        tensors["other.weight"] = np.zeros(3, np.float16)
    with pytest.raises(ValueError, match="not those of edge_unet"):
        float_graph("edge_unet", tensors)


@pytest.mark.parametrize("name", ["edge_unet", "brain_mask"])
def test_models_without_an_int8_form_are_loaded_so(name):
    model, origin = load_model(name)
    assert isinstance(model, GraphNetwork)
    assert origin.ran == "run as float by OpenVINO"
    assert model.arithmetic in (("float32",) if name == "brain_mask" else ("float32", "bfloat16"))
