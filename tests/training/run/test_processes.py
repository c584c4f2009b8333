"""Two processes that share a training reach the losses of one, also when they are stopped."""

import subprocess
import sys
from contextlib import nullcontext
from dataclasses import replace

import pytest
import torch
from torch import nn

from common.errors import InputError
from tests.conftest import ROOT
from tests.training.run.shared_training import in_float32, train_shared
from training.config import read_config
from training.log import read_log
from training.run.losses import region_loss
from training.run.processes import ALONE, Processes, all_processes
from training.run.train import train

CONFIG = """
model = "edge_unet"
learning_rate = 1e-3
steps = 8
batch = 6
crop = [32, 32]
validate_every = 4
checkpoint_every = 2
run_folder = "{folder}/run"
weights_folder = "{folder}/weights/edge_unet"
"""


@pytest.mark.training
def test_two_processes_reach_the_losses_of_one(tmp_path, data_folder):
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(folder=tmp_path))
    command = [sys.executable, "-m", "tests.training.run.shared_training"]
    other = subprocess.Popen([*command, "1", tmp_path, data_folder], cwd=ROOT)
    train_shared(0, tmp_path, data_folder)
    assert other.wait(timeout=120) == 0
    one = replace(
        read_config(config), run_folder=tmp_path / "one", weights_folder=tmp_path / "of_one"
    )
    with in_float32():
        train(one, data_folder)
    shared, alone = (
        read_log(folder / "log.jsonl") for folder in (tmp_path / "run", one.run_folder)
    )
    assert [each["step"] for each in shared] == [each["step"] for each in alone]
    losses = [[each["loss"] for each in log if "loss" in each] for log in (shared, alone)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)
    dice = [each["validation_dice"] for each in shared if "validation_dice" in each]
    assert dice[-1] == pytest.approx(alone[-1]["validation_dice"], abs=1e-3)
    assert (tmp_path / "weights" / "edge_unet" / "model.safetensors").exists()


def test_without_torchrun_there_is_one_process(monkeypatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with all_processes() as found:
        assert found is ALONE
    model = nn.Linear(1, 1)
    assert ALONE.sharing(model, torch.device("cpu")) is model
    assert ALONE.joined([1, 2]) == [1, 2]
    assert ALONE.said_by_first("x") == "x"


def test_a_batch_is_not_shared_by_more_than_it_has_slices(tiny_config, monkeypatch, tmp_path):
    monkeypatch.setattr("training.run.train.all_processes", lambda: nullcontext(Processes(0, 3)))
    with pytest.raises(InputError, match="A batch of 2 slices cannot be shared by 3 processes"):
        train(tiny_config, tmp_path)


@pytest.fixture
def in_two_parts(monkeypatch):
    """Has a sum over processes be that over the two halves of a batch, one after the other."""

    def run(function, *batches):
        """What each part gets, where ``together`` adds what both ask it to add, in their order."""
        asked = []
        parts = [[each[number::2] for each in batches] for number in range(2)]
        for part in parts:
            mine = []
            function(*part, together=lambda value, mine=mine: mine.append(value) or value)
            asked.append(mine)
        sums = [a + b for a, b in zip(*asked, strict=True)]
        answers = []
        for part in parts:
            left = iter(sums)
            answers.append(function(*part, together=lambda _, left=left: next(left)))
        return answers

    return run


@pytest.mark.parametrize("known_share", [1.0, 0.5])
def test_the_loss_of_parts_is_that_of_the_whole_batch(in_two_parts, known_share):
    random = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 3, 8, 8, generator=random)
    target = (torch.rand(6, 3, 8, 8, generator=random) > 0.7).float()
    known = torch.rand(6, 3, generator=random) <= known_share

    def loss(logits, target, known, together):
        return region_loss(logits, target, known=known, together=together)

    whole = region_loss(logits, target, known=known)
    assert in_two_parts(loss, logits, target, known) == [pytest.approx(float(whole))] * 2
