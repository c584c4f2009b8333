import json

import pytest

from training.__main__ import main
from training.experiments.paired_recipes import (
    compare_recipes,
    format_difference,
    paired_difference,
)

CONFIG = """
model = "edge_unet"
learning_rate = {rate}
steps = 1
batch = 2
crop = [32, 32]
run_folder = "{folder}"
weights_folder = "{folder}/weights"
"""


def patients(gain=0.0, grades=("HGG", "HGG", "LGG")):
    """Three patients; ``gain`` is what the last one has more of everything."""
    return {
        str(number): {
            "grade": grade,
            "dice": dict.fromkeys(("wt", "tc", "et"), 0.5 + gain * (number == 2)),
            "lesion_dice": dict.fromkeys(("wt", "tc", "et"), 0.25),
        }
        for number, grade in enumerate(grades)
    }


def test_the_difference_is_patient_by_patient():
    found = paired_difference(patients(0.3), patients())
    assert found["all"]["patients"] == 3
    assert found["all"]["dice"]["wt"]["mean"] == pytest.approx(0.1)
    assert found["all"]["dice"]["wt"]["better"] == 1
    low, high = found["all"]["dice"]["tc"]["interval"]
    assert low == 0
    assert 0.2 <= high < 0.31
    assert found["LGG"]["dice"]["et"]["mean"] == pytest.approx(0.3)
    assert found["LGG"]["dice"]["et"]["interval"] is None
    assert found["HGG"]["dice"]["et"]["mean"] == 0
    assert found["all"]["lesion_dice"]["wt"] == {
        "mean": 0, "median": 0, "interval": [0, 0], "better": 0,
    }  # fmt: skip
    table = format_difference({"difference": found})
    assert "| Dice | 3 all | +0.100 [+0.000, +0.300], 1 of 3 better |" in table


def test_other_patients_are_no_pair():
    others = patients()
    others["9"] = others.pop("0")
    with pytest.raises(ValueError, match="the same patients"):
        paired_difference(patients(), others)


def test_the_command_trains_both_and_prints_the_difference(data_folder, tmp_path, capsys):
    for name, rate in (("first", 1e-3), ("second", 2e-3)):
        text = CONFIG.format(folder=tmp_path / name, rate=rate)
        (tmp_path / f"{name}.toml").write_text(text)
    first, second = (str(tmp_path / f"{name}.toml") for name in ("first", "second"))
    options = ["--data", str(data_folder), "--split", "train", "val", "--folds", "2"]
    options += ["--against", second, "--json", str(tmp_path / "out.json")]
    assert main(["cross-validate", first, *options]) == 0
    told = json.loads((tmp_path / "out.json").read_text())
    assert told["command"].endswith(f"{first} --data DIR --folds 2 --split train val "
                                    f"--against {second}")  # fmt: skip
    assert told["difference"]["all"]["patients"] == 3
    for name in ("first", "second"):
        assert len(list((tmp_path / name).glob("fold_?_of_2_network.pt"))) == 2
    assert "better |" in capsys.readouterr().out


def test_what_is_judged_stands_first(monkeypatch, tmp_path):
    """The gain is that of the configuration, not of the one it is held against."""

    def made_up(config, data, *, folds, splits, thick):
        assert (folds, splits, thick) == (5, ("train", "val"), 4.0)
        models = {"unet": {"patients": patients(0.3 if config == "new" else 0.0)}}
        return {"command": "c", "steps": 1, "batch": 2, "models": models}

    monkeypatch.setattr("training.experiments.paired_recipes.cross_validate", made_up)
    told = compare_recipes("new", "old", tmp_path, folds=5, splits=("train", "val"), thick=4.0)
    assert told["difference"]["LGG"]["dice"]["wt"]["mean"] == pytest.approx(0.3)
    assert told["models"]["unet"]["patients"]["2"]["dice"]["wt"] == pytest.approx(0.8)
    assert told["against"]["models"]["unet"]["patients"]["2"]["dice"]["wt"] == 0.5


def test_what_was_not_measured_is_left_out():
    """Of pictures there are neither lesions nor a core."""
    first, second = ({"p": {"grade": None, "dice": {"wt": value}}} for value in (0.5, 0.25))
    found = paired_difference(first, second)
    assert list(found["all"]) == ["patients", "dice"]
    assert list(found["all"]["dice"]) == ["wt"]
    assert "| Dice | 1 all | +0.250, 1 of 1 better |" in format_difference({"difference": found})
