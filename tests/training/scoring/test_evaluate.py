import json
import shutil
from dataclasses import replace

import numpy as np
import pytest

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from inference.metrics.lesions import region_lesion_scores
from inference.metrics.surface import region_hd95
from model_zoo.weights.loading import EMBEDDED, read_config
from training.__main__ import main
from training.scoring.evaluate import evaluate, format_details, format_results, score

MEASURES = ("dice", "hd95_mm", "lesion_dice", "lesion_hd95_mm", "volume_error_ml")


@pytest.fixture(scope="module")
def case(data_folder):
    with open_cases([data_folder / "c"]) as (files,):
        return read_case(files)


def test_every_measure_is_that_of_the_metrics(case):
    drawn = np.roll(case.truth, 2, axis=0)
    drawn[:3, :3, 0] = 2
    found = score(drawn, case)
    lesions = region_lesion_scores(drawn, case.truth, case.spacing)
    assert found["dice"] == region_dice(drawn, case.truth)
    assert found["hd95_mm"] == region_hd95(drawn, case.truth, case.spacing)
    for region, lesion in lesions.items():
        assert found["lesion_dice"][region] == lesion.dice
        assert found["lesion_hd95_mm"][region] == lesion.hd95_mm
        assert found["lesions"][region]["false"] == lesion.false
        assert found["lesions"][region]["scored"] >= found["lesions"][region]["found"] > 0
    volume = np.count_nonzero(case.truth) * case.voxel_volume_ml
    assert found["true_volume_ml"]["wt"] == pytest.approx(volume)
    assert found["volume_error_ml"]["wt"] == pytest.approx(9 * case.voxel_volume_ml)
    assert found["volume_error_percent"]["wt"] == pytest.approx(900 * case.voxel_volume_ml / volume)
    assert found["tumour_free_slices"] == (~case.truth.any(axis=(0, 1))).sum()
    assert found["false_positive_rate"] == pytest.approx(1 / found["tumour_free_slices"])


def test_a_case_without_tumour_has_numbers_and_no_nan(case):
    empty = np.zeros_like(case.truth)
    found = score(empty, replace(case, truth=empty))
    json.dumps(found, allow_nan=False)
    assert found["dice"]["et"] == found["lesion_dice"]["et"] == 1
    assert found["hd95_mm"]["et"] == 0
    assert found["volume_error_percent"]["et"] is None
    full = score(empty, replace(case, truth=np.ones_like(empty)))
    assert (full["false_positive_rate"], full["tumour_free_slices"]) == (None, 0)
    assert full["hd95_mm"]["wt"] == 374


def test_scores_are_those_of_the_models_on_that_split(data_folder):
    results = evaluate(data_folder, "val", ("unet",))
    assert results["split"] == "val"
    assert results["command"] == "python -m training evaluate --data DIR --split val --model unet"
    assert "374" in results["convention"]
    assert results["machine"]
    assert set(results["models"]) == {"unet"}
    unet = results["models"]["unet"]
    assert set(unet["patients"]) == {"c"}
    assert unet["patients"]["c"]["grade"] == "HGG"
    config = read_config(EMBEDDED / "unet", "unet")
    assert unet["weights"] == config["sha256"]
    assert unet["int8_sha256"] == config["int8"]["sha256"]  # what did the arithmetic
    for measure in MEASURES:
        value = unet["patients"]["c"][measure]["wt"]
        assert unet["summary"]["all"][measure]["wt"]["mean"] == pytest.approx(abs(value))


def test_the_command_writes_json_and_its_tables(data_folder, tmp_path, capsys):
    file = tmp_path / "scores.json"
    command = ["evaluate", "--data", str(data_folder), "--split", "test", "--json", str(file)]
    assert main(command) == 0
    results = json.loads(file.read_text())
    assert set(results["models"]) == {"unet", "resnet_unet", "transunet", "consensus"}
    assert len(results["models"]["unet"]["weights"]) == 64
    printed = capsys.readouterr().out
    assert format_results(results) in printed
    assert format_details(results) in printed
    summary = results["models"]["consensus"]["summary"]["all"]
    assert f"{summary['dice']['wt']['mean']:.3f}" in format_results(results)
    assert f"{summary['hd95_mm']['wt']['mean']:.1f}" in format_details(results)
    assert str(data_folder) not in file.read_text()


def test_a_wrong_split_is_exit_2_and_one_line(data_folder, capsys):
    assert main(["evaluate", "--data", str(data_folder), "--split", "dev"]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_who_cannot_be_read_is_named_and_the_others_are_scored(data_folder, tmp_path, capsys):
    data, file = tmp_path / "data", tmp_path / "results.json"
    shutil.copytree(data_folder, data)
    table = data / "cases.csv"
    table.write_text(table.read_text().replace("d,HGG,test", "d,HGG,val"))
    next((data / "d").glob("*_t1.*")).write_bytes(b"no image")
    command = ["evaluate", "--data", str(data), "--split", "val", "--model", "edge_unet"]
    assert main([*command, "--json", str(file)]) == 2
    results, shown = json.loads(file.read_text()), capsys.readouterr()
    assert list(results["unread"]) == ["d"]
    assert list(results["models"]["edge_unet"]["patients"]) == ["c"]
    assert "edge_unet" in shown.out
    assert shown.err.startswith("1 of the split's patients could not be read. d: d_t1.nii.gz")
    assert shown.err.count("\n") == 1


def test_a_split_of_which_nothing_can_be_read_has_no_scores(data_folder, tmp_path, capsys):
    data = tmp_path / "data"
    shutil.copytree(data_folder, data)
    next((data / "c").glob("*_t1.*")).write_bytes(b"no image")
    assert main(["evaluate", "--data", str(data), "--split", "val", "--model", "edge_unet"]) == 2
    assert capsys.readouterr().err.startswith("c_t1.nii.gz")
