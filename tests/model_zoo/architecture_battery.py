"""What every architecture must do; a test file an architecture inherits it."""

import json
from pathlib import Path

import pytest
import torch
from torch import nn

from inference.network.precision import autocast
from model_zoo.factory import create_model
from model_zoo.registry import contract
from model_zoo.segmenter import count_parameters
from model_zoo.weights.loading import load_network
from model_zoo.weights.tensors import save_weights
from training.run.losses import region_loss

GOLDEN = Path(__file__).with_name("golden.json")


def numbered(shape: tuple[int, ...], *, scale: float) -> torch.Tensor:
    """Numbers that look random but come from a formula, so that no generator can change them."""
    count = int(torch.tensor(shape).prod())
    return (scale * torch.sin(torch.arange(count, dtype=torch.float64) ** 1.5)).view(shape).float()


def fill(model: nn.Module) -> nn.Module:
    """Fill a model by formula, each weight scaled to its fan-in."""
    with torch.no_grad():
        for parameter in model.parameters():
            fan_in = max(1, parameter[0].numel()) if parameter.dim() > 1 else 1
            shift = 1.0 if parameter.dim() == 1 and parameter.numel() > 3 else 0.0
            scale = (2 / fan_in) ** 0.5 if parameter.dim() > 1 else 0.1
            parameter.copy_(shift + numbered(tuple(parameter.shape), scale=scale))
    return model.eval()


def golden_logits(name: str) -> list[float]:
    """Nine logits of a model filled by formula, on an image made by formula."""
    with torch.inference_mode():
        channels = len(contract(name).modalities)
        alone = create_model(name, neighbours=(0,))
        logits = fill(alone)(numbered((1, channels, 64, 48), scale=1.0))
    return logits[0, :, 10::20, 30][:, :3].flatten().tolist()


class ArchitectureBattery:
    """Subclasses set ``name`` and ``parameters`` (millions), the error these may have and, for
    one that learns slowly, the rate of its first steps."""

    name: str
    parameters: float
    rounding = 0.05
    learning_rate = 2e-3

    @property
    def channels(self) -> int:
        says = contract(self.name)
        return len(says.modalities) * len(says.neighbours)

    @property
    def regions(self) -> int:
        return len(contract(self.name).regions)

    @pytest.fixture(scope="class")
    @classmethod
    def model(cls) -> nn.Module:
        torch.manual_seed(0)
        return create_model(cls.name).eval()

    def test_has_the_parameters_that_are_claimed(self, model):
        assert count_parameters(model) / 1e6 == pytest.approx(self.parameters, abs=self.rounding)

    @pytest.mark.parametrize("size", [(64, 64), (1, 1), (17, 33), (50, 31), (165, 146)])
    def test_any_size_comes_out_as_it_went_in(self, model, size):
        with torch.inference_mode():
            logits = model(torch.randn(2, self.channels, *size))
        assert logits.shape == (2, self.regions, *size)
        assert torch.isfinite(logits).all()

    def test_answers_logits_and_not_probabilities(self, model):
        with torch.inference_mode():
            logits = model(10 * torch.randn(4, self.channels, 64, 64))
        assert logits.min() < 0, "a sigmoid inside the model would leave nothing below 0"

    def test_no_sigmoid_inside(self, model):
        assert not any(isinstance(part, nn.Sigmoid | nn.Softmax) for part in model.modules())

    def test_every_parameter_learns(self):
        model = create_model(self.name).train()
        target = torch.rand(2, self.regions, 64, 64) > 0.5
        region_loss(model(torch.randn(2, self.channels, 64, 64)), target).backward()
        idle = [n for n, p in model.named_parameters() if p.grad is None or not p.grad.any()]
        assert idle == []

    @pytest.mark.training
    def test_a_few_steps_lower_the_loss(self):
        torch.manual_seed(0)
        model = create_model(self.name).train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=self.learning_rate)
        slices = torch.randn(2, self.channels, 32, 32)
        target = torch.stack([slices[:, 0] > limit for limit in (0, 0.5, 1)], dim=1)
        target = target[:, : self.regions]
        losses = []
        for _ in range(12):
            loss = region_loss(model(slices), target)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
        assert losses[-1] < 0.8 * losses[0]

    def test_a_missing_modality_is_used_and_survived(self, model):
        slices = torch.randn(1, self.channels, 64, 64)
        for missing in range(self.channels):
            without = slices.clone()
            without[:, missing] = 0
            with torch.inference_mode():
                whole, partial = model(slices), model(without)
            assert torch.isfinite(partial).all()
            assert not torch.equal(whole, partial)

    def test_slices_of_a_batch_do_not_touch_each_other(self, model):
        slices = torch.randn(3, self.channels, 64, 64)
        with torch.inference_mode():
            together, alone = model(slices), model(slices[1:2])
        torch.testing.assert_close(together[1:2], alone, rtol=1e-3, atol=1e-3)

    def test_sees_far_enough(self, model):
        """A change at one place moves the logits 24 pixels away."""
        slices = torch.randn(1, self.channels, 96, 96)
        changed = slices.clone()
        changed[..., 48, 24] += 100
        with torch.inference_mode():
            difference = (model(changed) - model(slices)).abs()
        assert difference[..., 48, 48].max() > 0

    def test_bfloat16_agrees_with_float32(self, model):
        slices = torch.randn(1, self.channels, 64, 64)
        with torch.inference_mode():
            exact = model(slices)
            with autocast(torch.device("cpu")):
                fast = model(slices).float()
        error = (exact - fast).norm() / exact.norm()
        assert error < 0.05  # 8 bits of mantissa through some tens of layers

    def test_saved_and_loaded_it_is_the_same(self, model, tmp_path):
        checksum = save_weights(model, tmp_path, name=self.name, revision="r1")
        loaded, origin = load_network(self.name, folder=tmp_path)
        assert (origin.revision, origin.sha256) == ("r1", checksum)
        for key, value in model.state_dict().items():
            expected = value.half().float() if value.is_floating_point() else value
            assert torch.equal(loaded.state_dict()[key], expected), key
        assert not loaded.training

    def test_golden_logits(self):
        """An architecture that changes without its name changing would misread old weights."""
        expected = json.loads(GOLDEN.read_text())[self.name]
        assert golden_logits(self.name) == pytest.approx(expected, rel=2e-3, abs=2e-3)
