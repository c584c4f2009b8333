from dataclasses import replace

import pytest
import torch

from common.errors import InputError
from training.data.bank import draw_batch
from training.data.draws import Draws
from training.data.patients import read_split
from training.data.slices import build_bank
from training.experiments.folds import Folds, deal, without
from training.run.train import train_step
from training.volume_config import VolumeConfig


def test_grades_are_spread_over_the_folds():
    grades = {f"p{n:02}": "LGG" if n % 4 == 0 else "HGG" for n in range(20)}
    dealt = deal(reversed(grades), grades, 5)
    assert sorted(name for fold in dealt for name in fold) == sorted(grades)
    assert [sum(grades[name] == "LGG" for name in fold) for fold in dealt] == [1] * 5
    assert dealt == deal(grades, grades, 5), "the deal depends on the order of the table"


def test_more_folds_than_patients_are_refused():
    with pytest.raises(InputError, match="2 patients cannot be dealt into 3 folds"):
        deal(["a", "b"], {}, 3)


def test_those_who_are_away_are_never_drawn(data_folder):
    bank = build_bank(read_split(data_folder, "train"))
    first = bank.patients == 0
    marked = bank.slices.clone()
    marked[first] = 7.0
    only = without(replace(bank, slices=marked), torch.tensor([True, False]))
    random = Draws(torch.Generator().manual_seed(0))
    slices, *_ = draw_batch(only, count=40, tumour_share=0.5, slice_normalise=0.0, random=random)
    assert not (slices == 7.0).any()


def test_nobody_who_is_scored_stands_in_a_brain_that_is_learned_from(
    data_folder, tiny_config, monkeypatch
):
    """Lesions are carved within a fold, so that whoever is away is away with theirs."""
    groups = []
    monkeypatch.setattr(
        "training.data.learners.donors_among", lambda found, _: groups.extend(found)
    )
    monkeypatch.setattr("training.experiments.folds.build_bank", lambda *_, **__: 1 / 0)
    config = replace(tiny_config, volume=VolumeConfig(copies=1, carvemix=1.0))
    networks = Folds(config, data_folder, ["a", "b", "c", "d"], 2)
    with pytest.raises(ZeroDivisionError):  # once it is known who is carved for whom
        networks.network(1)
    assert groups == [*networks.dealt, []]


def test_each_fold_starts_its_encoder_and_is_known_by_it(
    data_folder, tiny_config, monkeypatch, tmp_path
):
    starts = []
    monkeypatch.setattr("training.run.train.start_encoder", lambda *given: starts.append(given[1]))
    config = replace(tiny_config, encoder_start=tmp_path / "vgg16", steps=1)
    networks = Folds(config, data_folder, ["a", "b", "c"], 3)
    networks.network(1)
    networks.network(1)  # is read
    assert starts == [tmp_path / "vgg16"]
    other = Folds(replace(config, encoder_start=None), data_folder, ["a", "b", "c"], 3)
    with pytest.raises(InputError, match=r"another configuration \(encoder_start\)"):
        other.network(1)


def test_a_training_that_is_stopped_goes_on_and_ends_as_if_it_had_not_been(
    data_folder, tiny_config, monkeypatch
):
    def networks(name, **other):
        config = replace(tiny_config, run_folder=tiny_config.run_folder / name, **other)
        return Folds(config, data_folder, ["a", "b", "c", "d"], 2)

    unbroken = networks("unbroken").network(1)
    steps = []

    def step(run, *given):
        if len(steps) == 5:
            raise KeyboardInterrupt
        steps.append(run.step)
        return train_step(run, *given)

    monkeypatch.setattr("training.experiments.folds.train_step", step)
    with pytest.raises(KeyboardInterrupt):
        networks("broken").network(1)
    with pytest.raises(InputError, match=r"checkpoint\.pt was trained by another .* \(batch\)"):
        networks("broken", batch=4).network(1)
    steps.clear()
    broken = networks("broken").network(1)
    assert steps == [4, 5, 6, 7], "a checkpoint is written every second step"
    for name, tensor in unbroken.state_dict().items():
        assert torch.equal(tensor, broken.state_dict()[name]), name
    [kept] = (tiny_config.run_folder / "broken").iterdir()
    assert kept.name == "fold_1_of_2_network.pt"
