import json

import pytest

from training.__main__ import main
from training.experiments.learning_curve import format_curve, learning_curve
from training.scoring.summary import summarise

CONFIG = """
model = "edge_unet"
learning_rate = 1e-3
steps = 1
batch = 2
crop = [32, 32]
run_folder = "{folder}/run"
weights_folder = "{folder}/weights"
"""


def scored(value, *, regions=("wt",)):
    of_one = {"dice": dict.fromkeys(regions, value), "false_positive_rate": None}
    return {name: {"grade": "HGG"} | of_one for name in ("a", "b", "c")}


@pytest.fixture
def trained(monkeypatch):
    """Cross-validation whose Dice is a hundredth of the patients; which recipes it was given."""
    seen = []

    def made_up(config, data, *, folds, splits):
        seen.append(config)
        patients = scored(config.patients / 100)
        models = {"unet": {"patients": patients, "summary": summarise(patients)}}
        command = f"python -m training cross-validate CONFIG --data DIR --folds {folds}"
        return {"command": command, "folds": folds, "steps": config.steps, "models": models}

    monkeypatch.setattr("training.experiments.learning_curve.cross_validate", made_up)
    return seen


def test_each_count_has_its_networks_and_its_gain(trained, tiny_config, tmp_path):
    results = learning_curve(tiny_config, tmp_path, [7, 14, 28], folds=5)
    assert [config.patients for config in trained] == [7, 14, 28]
    assert len({config.run_folder for config in trained}) == 3
    assert list(results["counts"]) == ["7", "14", "28"]
    assert "difference" not in results["counts"]["7"]
    gain = results["counts"]["28"]["difference"]["all"]["dice"]["wt"]
    assert gain["mean"] == pytest.approx(0.14)
    assert results["command"].endswith(
        "learning-curve CONFIG --data DIR --folds 5 --patients 7 14 28"
    )
    assert "models" not in results
    assert "| 28 | 3 all | 0.280 [0.280, 0.280] | +0.140 [+0.140, +0.140] |" in format_curve(
        results
    )


@pytest.mark.slow  # trains, as no other test of this command does
def test_the_command_trains_them(data_folder, tmp_path, capsys):
    """Of three patients the smaller fold leaves two to learn from, the other one."""
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(folder=tmp_path))
    options = ["--data", str(data_folder), "--folds", "2", "--split", "train", "val"]
    command = ["learning-curve", str(config), *options, "--json", str(tmp_path / "out.json")]
    assert main([*command, "--patients", "1"]) == 0
    told = json.loads((tmp_path / "out.json").read_text())
    assert list(told["counts"]) == ["1"]
    assert told["command"].endswith("--folds 2 --split train val --patients 1")
    assert [file.name for file in (tmp_path / "run").iterdir()] == ["1_patients"]
    assert "| 1 | 3 all |" in capsys.readouterr().out
    assert main([*command, "--patients", "3"]) == 2
    assert "asks for 3 patients to learn from; at most 1 can be had." in capsys.readouterr().err
