from dataclasses import replace

import pytest
from torch import nn

from model_zoo.factory import create_model
from training.run.optimisation import make_optimiser, make_schedule


class Small(nn.Module):
    """As much of a network as rates need: an encoder and something after it."""

    def __init__(self):
        super().__init__()
        self.encoder, self.head = nn.Linear(2, 2), nn.Linear(2, 1)


def rates(config, steps: int = 10) -> list[list[float]]:
    """The learning rate of each group at every step."""
    config = replace(config, steps=steps)
    optimiser = make_optimiser(Small(), config)
    schedule = make_schedule(optimiser, config)
    seen = []
    for _ in range(steps):
        seen.append([group["lr"] for group in optimiser.param_groups])
        optimiser.step()
        schedule.step()
    return seen


def test_one_cycle_rises_and_falls(tiny_config):
    seen = [rate for (rate,) in rates(replace(tiny_config, warm_up=0.3))]
    assert max(seen) == pytest.approx(1e-3, rel=0.1)
    assert seen[0] < seen[2]
    assert seen[-1] < 0.1 * max(seen)


def test_a_cosine_only_falls(tiny_config):
    seen = [rate for (rate,) in rates(replace(tiny_config, schedule="cosine"))]
    assert seen[0] == pytest.approx(1e-3)
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < 0.1 * seen[0]


def test_constant_stays(tiny_config):
    assert {rate for (rate,) in rates(replace(tiny_config, schedule="constant"))} == {1e-3}


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", "constant"])
def test_the_encoder_follows_at_its_own_rate(tiny_config, schedule):
    config = replace(tiny_config, schedule=schedule, encoder_rate=0.25)
    for rest, encoder in rates(config):
        assert encoder == pytest.approx(0.25 * rest, rel=1e-3)


def test_every_parameter_is_in_one_group(tiny_config):
    config = replace(tiny_config, model="vgg16_unet", encoder_rate=0.25)
    model = create_model("vgg16_unet")
    groups = make_optimiser(model, config).param_groups
    learned = [id(parameter) for group in groups for parameter in group["params"]]
    assert sorted(learned) == sorted(id(parameter) for parameter in model.parameters())
    assert len(groups[1]["params"]) == len(list(model.encoder.parameters()))
