import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inference.network.postprocess import RULE, thresholds
from tests.conftest import ROOT
from tests.training.experiments.test_cross_validation import CONFIG
from training.__main__ import main
from training.config import read_config
from training.data.patients import split_cases
from training.experiments.drawing import MEASURES, RULES


@pytest.fixture(scope="module")
def command(tmp_path_factory, data_folder):
    folder = tmp_path_factory.mktemp("drawing")
    (folder / "config.toml").write_text(CONFIG.format(folder=folder))
    options = ["--data", str(data_folder), "--folds", "2", "--json", str(folder / "out.json")]
    return ["drawing", str(folder / "config.toml"), *options]


@pytest.fixture(scope="module")
def told(command):
    assert main(command) == 0
    return json.loads(Path(command[-1]).read_text())


def test_patients_of_training_and_validation_are_drawn_and_none_of_the_test(told, data_folder):
    seen = [name for split in ("train", "val") for name in split_cases(data_folder, split)]
    assert sorted(told["patients"]) == sorted(seen)


def test_every_rule_has_a_row_for_every_group_whose_means_are_of_its_patients(told):
    groups = {"all"} | {patient["grade"] for patient in told["patients"].values()} - {None}
    assert {(row["name"], row["group"]) for row in told["rows"]} == {
        (rule, group) for rule in RULES for group in groups
    }
    (row,) = (each for each in told["rows"] if (each["name"], each["group"]) == ("drawn", "all"))
    scores = [patient["dice"]["drawn"]["wt"] for patient in told["patients"].values()]
    assert row["dice"]["wt"] == pytest.approx(np.mean(scores))


def test_the_command_names_its_configuration(told, command):
    assert told["command"] == f"python -m training drawing {command[1]} --data DIR --folds 2"


def test_every_way_of_drawing_is_scored_as_regions_and_lesion_by_lesion(told):
    for patient in told["patients"].values():
        for measure in MEASURES:
            assert patient[measure].keys() == RULES.keys()
            assert all(0 <= dice <= 1 for dice in patient[measure]["drawn"].values())


def test_networks_that_were_trained_before_are_not_trained_again(told, command, monkeypatch):
    monkeypatch.setattr("training.experiments.folds.start_run", None)
    assert main(command) == 0
    assert json.loads(Path(command[-1]).read_text())["patients"] == told["patients"]


def test_networks_of_other_folds_are_refused(told, command, data_folder, tmp_path, capsys):
    """Such as those of a cross-validation that had the test split among its patients."""
    table = (data_folder / "cases.csv").read_text()
    for case in data_folder.iterdir():
        if case.is_dir():
            (tmp_path / case.name).symlink_to(case)
    (tmp_path / "cases.csv").write_text(table.replace(",test", ",val"))
    assert main([*command[:3], str(tmp_path), *command[4:]]) == 2
    assert "trained without other patients" in capsys.readouterr().err


def test_rules_differ_from_what_is_drawn_in_one_thing():
    for name, (_, rule) in RULES.items():
        changed = {key for key, value in vars(rule).items() if value != getattr(RULE, key)}
        assert len(changed) == {"drawn": 0, "at_one_half": 3, "no_specks": 2}.get(name, 1), name


def test_a_rule_that_takes_no_tumour_for_hardly_enhancing_draws_at_one_half():
    faint = np.full((3, 8, 8, 30), 0.9, np.float16)
    faint[1:] = 0.1
    off = replace(RULE, hardly_enhancing=0.0, nothing_enhances=0.0)
    assert thresholds(faint, off) == (0.5, 0.5, 0.5)
    assert thresholds(faint) != (0.5, 0.5, 0.5)


def test_the_shipped_configuration_knows_no_patient():
    config = read_config(ROOT / "training" / "configs" / "drawing.toml")
    assert not config.teachers
    assert config.start_from is None
    assert config.patience is None
