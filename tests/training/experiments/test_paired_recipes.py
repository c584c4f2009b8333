import json
from pathlib import Path

import pytest

from common.errors import InputError
from training.__main__ import main
from training.experiments.paired_recipes import (
    compare_recipes,
    format_difference,
    format_judged,
    paired_difference,
    read_scores,
)

SCORED_BY = {"folds": 5, "splits": ["train", "val"], "slices_mm": 4.0, "enhancement": None}

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


@pytest.fixture
def write_config(tmp_path):
    def write(name, rate=1e-3):
        file = tmp_path / f"{name}.toml"
        file.write_text(CONFIG.format(folder=tmp_path / name, rate=rate))
        return str(file)

    return write


@pytest.fixture
def scored_by(data_folder):
    return ["--data", str(data_folder), "--split", "train", "val", "--folds", "2"]


def test_the_command_trains_both_and_prints_the_difference(
    write_config, scored_by, tmp_path, capsys
):
    first, second = write_config("first"), write_config("second", 2e-3)
    options = [*scored_by, "--against", second, "--json", str(tmp_path / "out.json")]
    assert main(["cross-validate", first, *options]) == 0
    told = json.loads((tmp_path / "out.json").read_text())
    assert told["command"].endswith(f"{first} --data DIR --folds 2 --split train val "
                                    f"--against {second}")  # fmt: skip
    assert told["difference"]["all"]["patients"] == 3
    for name in ("first", "second"):
        assert len(list((tmp_path / name).glob("fold_?_of_2_network.pt"))) == 2
    assert "better |" in capsys.readouterr().out


def test_scores_of_before_are_as_good_as_the_networks(write_config, scored_by, tmp_path):
    """Scores are what is kept of a recipe: its networks are large, and lost with a machine."""
    first, second = write_config("first"), write_config("second", 2e-3)
    scores, out = str(tmp_path / "second.json"), tmp_path / "out.json"
    assert main(["cross-validate", second, *scored_by, "--json", scores]) == 0
    found = []
    for against in (second, scores):
        options = [*scored_by, "--against", against, "--json", str(out)]
        assert main(["cross-validate", first, *options]) == 0
        found.append(json.loads(out.read_text()))
        assert found[-1]["command"].endswith(f"--against {against}")
    assert found[0]["difference"] == found[1]["difference"]
    assert found[0]["against"] == found[1]["against"]


def test_scores_that_do_not_fit_are_said_before_anything_is_trained(
    write_config, scored_by, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("training.experiments.folds.start_run", lambda *_: 1 / 0)
    file = tmp_path / "scores.json"
    file.write_text(json.dumps(SCORED_BY | {"models": {}}))
    options = [*scored_by, "--against", str(file)]
    assert main(["cross-validate", write_config("first"), *options]) == 2
    assert "was scored with other folds and thickness of slices" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "[]", "{}", json.dumps(SCORED_BY)])
def test_a_file_that_is_none_of_scores_is_named(tmp_path, text):
    file = tmp_path / "scores.json"
    with pytest.raises(InputError, match=r"scores\.json is not there"):
        read_scores(file, **SCORED_BY)
    file.write_text(text)
    with pytest.raises(InputError, match=r"scores\.json holds no scores"):
        read_scores(file, **SCORED_BY)


def scores(gain=0.0):
    models = {"unet": {"patients": patients(gain)}}
    how = {
        "command": "c",
        "about": "As it is.",
        "steps": 1,
        "batch": 2,
        "machine": "m",
        "scored": "s",
    }
    return how | SCORED_BY | {"models": models}


def test_what_is_judged_stands_first():
    """The gain is that of the configuration, not of the one it is held against."""
    told = compare_recipes(scores(0.3), scores(), Path("old.toml"))
    assert told["difference"]["LGG"]["dice"]["wt"]["mean"] == pytest.approx(0.3)
    assert told["models"]["unet"]["patients"]["2"]["dice"]["wt"] == pytest.approx(0.8)
    assert told["against"]["patients"]["2"]["dice"]["wt"] == 0.5
    assert told["command"] == "c --against old.toml"


def test_scores_of_other_patients_are_refused():
    base = scores()
    base["models"]["unet"]["patients"]["9"] = base["models"]["unet"]["patients"].pop("0")
    with pytest.raises(InputError, match=r"old\.json is of other patients"):
        compare_recipes(scores(), base, Path("old.json"))


def test_what_was_not_measured_is_left_out():
    """Of pictures there are neither lesions nor a core."""
    first, second = ({"p": {"grade": None, "dice": {"wt": value}}} for value in (0.5, 0.25))
    found = paired_difference(first, second)
    assert list(found["all"]) == ["patients", "dice"]
    assert list(found["all"]["dice"]) == ["wt"]
    assert "| Dice | 1 all | +0.250, 1 of 1 better |" in format_difference({"difference": found})


def test_what_several_recipes_are_worth_is_a_row_a_group():
    better = compare_recipes(scores(0.3), scores(), Path("old.toml"))
    same = compare_recipes(scores(), scores(), Path("old.toml")) | {"scored": "t"}
    lines = format_judged([better, same]).splitlines()
    assert lines[0] == "| Change | Scored | Patients | WT | TC | ET |"
    assert len(lines) == 2 + 2 * 3
    assert lines[2].startswith("| As it is | s | 3 all | +0.100 [+0.000, +0.300] |")
    assert lines[4] == "| As it is | s | 1 LGG | +0.300 | +0.300 | +0.300 |"
    assert lines[5].startswith("| As it is | t | 3 all | +0.000 [")
