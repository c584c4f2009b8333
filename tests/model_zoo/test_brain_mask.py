import json

import pytest
import torch
from torch import nn

from model_zoo.factory import create_model
from model_zoo.registry import ALL_MODELS, contract, every_model, registry
from model_zoo.segmenter import count_parameters
from model_zoo.weights.loading import load_model, load_network
from model_zoo.weights.provenance import EMBEDDED
from model_zoo.weights.tensors import save_weights
from tests.model_zoo.architecture_battery import GOLDEN, fill, numbered

NAME = "brain_mask"
MOST_BYTES = 2_000_000


@pytest.fixture(scope="module")
def model() -> nn.Module:
    torch.manual_seed(0)
    return create_model(NAME).eval()


def golden_logits() -> list[float]:
    with torch.inference_mode():
        logits = fill(create_model(NAME))(numbered((1, 1, 16, 24, 32), scale=1.0))
    return logits[0, 0, 4::4, 10, 20].tolist()


def test_it_is_in_the_registry_and_no_tumour_code_meets_it():
    assert NAME in every_model()
    assert NAME not in registry()
    assert NAME not in ALL_MODELS
    assert contract(NAME).dimensions == 3
    assert contract(NAME).regions == ("brain",)


def test_every_other_model_is_of_slices():
    assert {entry.dimensions for entry in registry().values()} == {2}
    assert set(every_model()) - set(registry()) == {NAME}


def test_has_the_parameters_that_are_claimed(model):
    assert count_parameters(model) / 1e6 == pytest.approx(0.9, abs=0.05)


@pytest.mark.parametrize("size", [(16, 16, 16), (1, 1, 1), (9, 17, 24), (20, 8, 13)])
def test_any_size_comes_out_as_it_went_in(model, size):
    with torch.inference_mode():
        logits = model(torch.randn(2, 1, *size))
    assert logits.shape == (2, 1, *size)
    assert torch.isfinite(logits).all()


def test_answers_logits_and_not_probabilities(model):
    with torch.inference_mode():
        logits = model(10 * torch.randn(2, 1, 16, 16, 16))
    assert logits.min() < 0
    assert not any(isinstance(part, nn.Sigmoid | nn.Softmax) for part in model.modules())


def test_heads_of_a_batch_do_not_touch_each_other(model):
    heads = torch.randn(3, 1, 16, 24, 16)
    with torch.inference_mode():
        together, alone = model(heads), model(heads[1:2])
    torch.testing.assert_close(together[1:2], alone, rtol=1e-3, atol=1e-3)


def test_every_parameter_learns():
    model = create_model(NAME).train()
    model(torch.randn(2, 1, 16, 16, 16)).square().mean().backward()
    idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert idle == []


def test_sees_far_enough(model):
    """A change at one place moves the logits 20 voxels away, 60 mm."""
    heads = torch.randn(1, 1, 16, 16, 56)
    changed = heads.clone()
    changed[..., 8, 8, 10] += 100
    with torch.inference_mode():
        difference = (model(changed) - model(heads)).abs()
    assert difference[..., 30].max() > 0


def test_saved_and_loaded_it_is_the_same(model, tmp_path):
    checksum = save_weights(model, tmp_path, name=NAME, revision="r1")
    loaded, origin = load_network(NAME, folder=tmp_path)
    assert (origin.revision, origin.sha256) == ("r1", checksum)
    for key, value in model.state_dict().items():
        assert torch.equal(loaded.state_dict()[key], value.half().float()), key


def test_golden_logits():
    expected = json.loads(GOLDEN.read_text())[NAME]
    assert golden_logits() == pytest.approx(expected, rel=2e-3, abs=2e-3)


def test_the_shipped_weights_are_small_and_load():
    tensors = EMBEDDED / NAME / "model.safetensors"
    if not tensors.is_file():
        pytest.skip("the weights of brain_mask are not there yet")
    assert tensors.stat().st_size <= MOST_BYTES
    load_model(NAME)
