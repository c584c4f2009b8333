import json

import pytest
import torch

from training.__main__ import main
from training.data.bank import draw_batch
from training.data.draws import Draws
from training.data.patients import read_split
from training.data.slices import build_bank
from training.experiments.leak import choose_slices, restrict

CONFIG = """
model = "edge_unet"
learning_rate = 1e-3
steps = 3
batch = 2
crop = [32, 32]
run_folder = "{folder}/run"
weights_folder = "{folder}/weights"
"""


@pytest.fixture(scope="module")
def told(data_folder, tmp_path_factory):
    folder = tmp_path_factory.mktemp("leak")
    config, file = folder / "leak.toml", folder / "leak.json"
    config.write_text(CONFIG.format(folder=folder))
    command = ["leak", str(config), "--data", str(data_folder), "--json", str(file)]
    assert main(command) == 0
    assert not (folder / "weights").exists()
    return json.loads(file.read_text())


def test_both_sides_have_the_same_budget(told):
    sides = told["splits"]
    assert sides["slice"]["training_slices"] == sides["patient"]["training_slices"]
    assert sides["slice"]["held_out_slices"] == sides["patient"]["held_out_slices"]


def test_only_the_leaking_side_is_tested_on_patients_it_was_trained_on(told):
    assert told["splits"]["patient"]["held_out_patients"] == 2  # those of val and test
    assert told["splits"]["slice"]["held_out_patients"] == 4


def test_inflation_is_the_difference_of_what_is_told(told):
    splits = told["splits"]
    for key, score in told["own_test"].items():
        expected = splits["slice"]["scores"][key]["wt"] - splits["patient"]["scores"][key]["wt"]
        assert score["wt"]["difference"] == pytest.approx(expected)
        below, above = score["wt"]["interval"]
        assert below <= above
    claim = told["against_honest"]["per_slice"]["wt"]["difference"]
    assert claim == pytest.approx(
        splits["slice"]["scores"]["per_slice"]["wt"] - splits["patient"]["honest"]["wt"]
    )


def test_the_shared_slices_are_new_to_both(told):
    same = told["same_slices"]
    assert 0 < same["slices"] < told["splits"]["patient"]["held_out_slices"]
    assert same["patients"] == 2
    for key, score in same["inflation"].items():
        expected = same["scores"]["slice"][key]["et"] - same["scores"]["patient"][key]["et"]
        assert score["et"]["difference"] == pytest.approx(expected)


def test_as_many_slices_are_drawn_from_all():
    like = torch.arange(100) < 70
    chosen = choose_slices(like, seed=0)
    assert chosen.sum() == 70
    assert 0 < chosen[70:].sum() < 30
    assert torch.equal(chosen, choose_slices(like, seed=0))
    assert not torch.equal(chosen, choose_slices(like, seed=1))


def test_slices_held_out_are_never_drawn(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    training = choose_slices(torch.arange(len(bank.slices)) < 20, seed=0)
    only = restrict(bank, training)
    assert torch.equal(only.weights > 0, training)
    marked = restrict(bank, training)
    marked.slices[:] = training[:, None, None, None].float()
    random = Draws(torch.Generator().manual_seed(0))
    drawn, *_ = draw_batch(marked, count=64, tumour_share=0.5, slice_normalise=0, random=random)
    assert (drawn == 1).all()
    of_patient = [float(only.weights[bank.patients == number].sum()) for number in (0, 1)]
    assert of_patient == pytest.approx([1, 1])


def test_a_missing_configuration_is_exit_2(data_folder, capsys):
    assert main(["leak", "missing.toml", "--data", str(data_folder)]) == 2
    assert "missing.toml" in capsys.readouterr().err
