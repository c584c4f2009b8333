import json

import numpy as np
import pytest

from inference.metrics import region_dice
from inference.reader import read_case
from inference.sources import open_cases
from training.__main__ import main
from training.evaluate import (
    bootstrap_interval,
    evaluate,
    false_positive_rate,
    format_results,
    summarise,
)


def patient(wt, grade="HGG"):
    return {"grade": grade, "dice": {"wt": wt, "tc": 0.5, "et": 0.25}}


def test_numbers_are_per_patient_and_grades_are_told_apart():
    summary = summarise({"a": patient(0.9), "b": patient(0.8), "c": patient(0.4, "LGG")})
    assert summary["all"]["wt"]["mean"] == pytest.approx(0.7)
    assert summary["all"]["wt"]["median"] == pytest.approx(0.8)
    assert summary["HGG"]["patients"] == 2
    assert summary["HGG"]["wt"]["mean"] == pytest.approx(0.85)
    assert summary["LGG"]["wt"]["mean"] == pytest.approx(0.4)


def test_interval_holds_the_mean_and_narrows_with_patients():
    few = bootstrap_interval([0.7, 0.8, 0.9])
    many = bootstrap_interval([0.7, 0.8, 0.9] * 20)
    for low, high in (few, many):
        assert low < 0.8 < high
    assert many[1] - many[0] < (few[1] - few[0]) / 3
    assert bootstrap_interval([0.5]) is None  # one patient says nothing of the next


def test_false_positives_are_counted_on_tumour_free_slices_alone():
    truth, drawn = np.zeros((2, 4, 4, 10), np.uint8)
    truth[1, 1, :4] = 2
    drawn[1, 1, 2:7] = 2  # 3 of the 6 tumour-free slices
    assert false_positive_rate(drawn, truth) == 0.5
    assert false_positive_rate(truth, truth) == 0
    assert false_positive_rate(drawn, np.ones_like(truth)) is None


def test_scores_are_those_of_the_models_on_that_split(data_folder, tmp_path):
    results = evaluate(data_folder, "val", ("unet",))
    assert results["split"] == "val"
    assert set(results["models"]) == {"unet"}
    assert set(results["models"]["unet"]["patients"]) == {"c"}
    with open_cases([data_folder / "c"]) as (files,):
        truth = read_case(files).truth
    score = results["models"]["unet"]["patients"]["c"]
    assert score["grade"] == "HGG"
    assert set(score["dice"]) == set(region_dice(truth, truth))
    assert 0 <= score["false_positive_rate"] <= 1


def test_the_command_writes_json_and_a_table(data_folder, tmp_path, capsys):
    file = tmp_path / "scores.json"
    command = ["evaluate", "--data", str(data_folder), "--split", "test", "--json", str(file)]
    assert main(command) == 0
    results = json.loads(file.read_text())
    assert set(results["models"]) == {"unet", "resnet_unet", "transunet", "consensus"}
    assert capsys.readouterr().out.strip() == format_results(results)
    mean = results["models"]["consensus"]["summary"]["all"]["wt"]["mean"]
    assert f"{mean:.3f}" in format_results(results)


def test_a_wrong_split_is_exit_2_and_one_line(data_folder, capsys):
    assert main(["evaluate", "--data", str(data_folder), "--split", "dev"]) == 2
    assert capsys.readouterr().err.count("\n") == 1
