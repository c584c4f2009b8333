from dataclasses import replace

import pytest
import torch

from model_zoo.factory import create_model
from tests.conftest import ROOT
from training.config import read_config
from training.data import build_bank, read_split
from training.restoration import holes, learn_to_restore
from training.train import start_run, train_step


@pytest.fixture(scope="module")
def bank(data_folder):
    return build_bank(read_split(data_folder, "train"))


@pytest.fixture
def config(tiny_config):
    return replace(tiny_config, model="edge_unet", restore_steps=60, learning_rate=1e-2)


def small(config):
    torch.manual_seed(0)
    return create_model(config.model)


def test_holes_are_cells_of_half_of_each_channel():
    taken = holes(torch.Size((8, 4, 72, 50)), torch.Generator().manual_seed(0))
    assert taken.shape == (8, 4, 72, 50)
    assert 0.4 < taken.float().mean() < 0.6
    assert (taken[..., :16, :16].flatten(2).float().mean(-1) % 1 == 0).all(), "not whole cells"
    assert not torch.equal(taken[:, 0], taken[:, 1]), "every channel has the same holes"


def test_it_learns_to_fill_them(bank, config):
    losses = torch.tensor(learn_to_restore(small(config), bank, config))
    assert len(losses) == 60
    assert losses[-10:].mean() < 0.8 * losses[:10].mean()


def test_it_sees_no_truth(bank, config):
    config = replace(config, restore_steps=3)
    told = learn_to_restore(small(config), bank, config)
    blind = replace(bank, targets=torch.zeros_like(bank.targets))
    assert learn_to_restore(small(config), blind, config) == told


def test_those_who_are_away_are_not_seen(bank, config):
    config = replace(config, restore_steps=3)
    away = replace(bank, weights=bank.weights * (bank.patients != 0))
    told = learn_to_restore(small(config), away, config)
    slices = bank.slices.clone()
    slices[bank.patients == 0] = 5.0
    assert learn_to_restore(small(config), replace(away, slices=slices), config) == told


def test_without_steps_nothing_changes(bank, tiny_config):
    model = small(tiny_config)
    before = {key: value.clone() for key, value in model.state_dict().items()}
    assert learn_to_restore(model, bank, tiny_config) == []
    assert all(torch.equal(value, before[key]) for key, value in model.state_dict().items())


def test_the_average_of_the_weights_begins_after_it(bank, config):
    run = start_run(replace(config, restore_steps=3))
    learn_to_restore(run.model, bank, replace(config, restore_steps=3))
    train_step(run, bank, config)
    of_run = dict(run.model.named_parameters())
    assert all(
        torch.equal(of_run[key], each) for key, each in run.average.module.named_parameters()
    )


def test_a_network_with_neighbours_and_one_region_learns_too(data_folder, config):
    config = replace(config, model="resnet_unet", neighbours=(-1, 0, 1), restore_steps=1)
    bank = build_bank(read_split(data_folder, "train"))
    model = create_model("resnet_unet", neighbours=(-1, 0, 1))
    [loss] = learn_to_restore(model, bank, config)
    assert 0 < loss < 10


def test_the_configuration_changes_nothing_else():
    drawing, restored = (
        read_config(ROOT / "training" / "configs" / f"{name}.toml")
        for name in ("drawing", "restored")
    )
    same = {"about", "run_folder", "weights_folder", "restore_steps"}
    changes = {key: getattr(drawing, key) for key in same}
    assert replace(restored, **changes) == drawing
    assert (drawing.restore_steps, restored.restore_steps) == (0, 250)
