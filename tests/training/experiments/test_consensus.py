import json
from dataclasses import replace

import numpy as np
import pytest

from common.errors import InputError
from inference.metrics import region_dice
from inference.network.engine import segment
from inference.network.segmentation import consensus
from tests.training.experiments.test_cross_validation import CONFIG
from training.__main__ import main
from training.config import read_config
from training.data.patients import read_any
from training.experiments.consensus import compare_consensus
from training.experiments.folds import Folds

WAYS = ["mean", "mean of log odds", "weighted by Dice", "STAPLE", "stacker"]


@pytest.fixture(scope="module")
def configs(tmp_path_factory):
    files = []
    for name in ("edge_unet", "unet"):
        folder = tmp_path_factory.mktemp(name)
        text = CONFIG.format(folder=folder).replace("edge_unet", name)
        text += "options = { widths = [4, 8, 8, 8, 8] }\n" if name == "unet" else ""
        files.append(folder / "config.toml")
        files[-1].write_text(text)
    return files


@pytest.fixture(scope="module")
def told(configs, data_folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "out.json"
    options = ["--data", str(data_folder), "--folds", "2", "--split", "train", "val"]
    assert main(["consensus", *map(str, configs), *options, "--json", str(out)]) == 0
    return json.loads(out.read_text())


def test_every_network_and_way_is_scored_on_every_patient(told, configs):
    assert list(told["patients"]) == ["edge_unet", "unet", *WAYS]
    assert all(sorted(found) == ["a", "b", "c"] for found in told["patients"].values())
    assert list(told["difference"]) == WAYS
    assert told["best"] in ("edge_unet", "unet")
    named = " ".join(map(str, configs))
    assert told["command"].endswith(f"consensus {named} --data DIR --folds 2 --split train val")


def test_the_mean_is_the_consensus_of_the_app(told, configs, data_folder):
    recipes = [Folds(read_config(file), data_folder, ["a", "b", "c"], 2) for file in configs]
    case = read_any(data_folder, "a")
    fold = 1 + next(n for n, names in enumerate(recipes[0].dealt) if "a" in names)
    found = [segment(case, recipe.network(fold), name="one") for recipe in recipes]
    for model, segmentation in zip(("edge_unet", "unet"), found, strict=True):
        dice = region_dice(segmentation.labels, case.truth)
        assert told["patients"][model]["a"]["dice"] == pytest.approx(dice)
    together = region_dice(consensus(found).labels, case.truth)
    assert told["patients"]["mean"]["a"]["dice"] == pytest.approx(together)


def test_what_a_way_learns_is_of_other_folds(configs, data_folder, monkeypatch):
    learned = []

    def fit(samples):
        learned.append(len(list(samples)))
        return np.full((3, 3), 0.5)

    monkeypatch.setattr("training.experiments.consensus.fit_stacker", fit)
    read = [read_config(file) for file in configs]
    compare_consensus(read, data_folder, folds=2, splits=("train", "val"))
    assert sorted(learned) == [1, 2], "three patients in folds of two and one"


def test_one_network_is_no_consensus(configs, data_folder):
    config = read_config(configs[0])
    twice = [config, replace(config, steps=3)]
    for given in ([config], twice):
        with pytest.raises(InputError, match="two models or more, each once"):
            compare_consensus(given, data_folder, folds=2, splits=("train",))
