import json

import pytest

from tests.conftest import ROOT
from training.__main__ import main
from training.config import read_config

CONFIG = """\
about = "{about}"
model = "edge_unet"
learning_rate = 1e-3
run_folder = "{folder}"
weights_folder = "{folder}/weights"
steps = 2
batch = 2
crop = [32, 32]
neighbours = {neighbours}
hold_out = ["b"]
"""


def write(folder, name, neighbours):
    run = folder / "runs" / name
    text = CONFIG.format(about=f"{name}.", folder=run, neighbours=neighbours)
    (folder / f"{name}.toml").write_text(text)
    return run


@pytest.fixture
def ablations(tmp_path):
    write(tmp_path, "alone", [0])
    write(tmp_path, "three", [-2, 0, 2])
    return tmp_path


def test_each_configuration_is_trained_once_and_scored_without_the_test_split(
    ablations, data_folder, capsys
):
    command = ["ablate", str(ablations), "--data", str(data_folder)]
    assert main([*command, "--json", str(ablations / "out.json")]) == 0
    rows = json.loads((ablations / "out.json").read_text())["rows"]
    of_all = [row for row in rows if row["group"] == "all"]
    assert [(row["name"], row["drawing"]) for row in of_all] == [
        ("alone", "drawn"),
        ("alone", "at one half"),
        ("three", "drawn"),
        ("three", "at one half"),
    ]
    held_out_and_validation = 2
    assert {row["patients"] for row in of_all} == {held_out_and_validation}
    assert "| three. | at one half | 2 all |" in capsys.readouterr().out
    weights = ablations / "runs" / "three" / "weights" / "model.safetensors"
    written = weights.stat().st_mtime_ns
    assert main(command) == 0
    assert weights.stat().st_mtime_ns == written, "a finished training was done again"


@pytest.mark.parametrize(
    "file", sorted((ROOT / "training" / "ablations").glob("*.toml")), ids=lambda file: file.stem
)
def test_ours_differ_from_the_recipe_and_write_nowhere_else(file):
    config = read_config(file)
    if file.stem == "common":
        return
    assert config.about
    assert config.run_folder.parts == ("runs", "ablations", file.stem)
    assert config.weights_folder.is_relative_to(config.run_folder)
    assert len(config.hold_out) == 8
    assert config.steps == 500
