"""The threshold against a plain search, the AUROC against every pair, and the command."""

import json

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import ready_for_inference
from inference.network.preprocess import prepare
from model_zoo.weights.loading import load_model, read_config
from model_zoo.weights.provenance import EMBEDDED
from tests.conftest import ROOT
from training.__main__ import main
from training.scoring.verdict import (
    LEAST_PERCENT,
    Areas,
    auroc,
    drawn_percent,
    format_verdicts,
    lone_slices,
    shown_modalities,
    verdicts_in,
    with_others,
    youden_threshold,
)


@pytest.fixture
def slices():
    """80 areas in percent, many of them 0, larger where there is tumour; and where that is."""
    random = np.random.default_rng(3)
    tumour = random.random(80) < 0.4
    drawn = np.maximum(0, random.normal(0, 0.6, 80) + 1.2 * tumour).round(1)
    return drawn, tumour


def gain(threshold, percent, tumour):
    found = Areas(percent, tumour, 1).scores_at(threshold)
    return found["sensitivity"] + found["specificity"]


def test_the_threshold_gains_as_much_as_any(slices):
    best = max(gain(limit, *slices) for limit in np.arange(LEAST_PERCENT, 5, 0.01))
    assert gain(youden_threshold(*slices), *slices) == pytest.approx(best)
    assert 1 < best < 2, "the example is neither hopeless nor without an error"


def test_a_speck_is_never_above_the_threshold():
    percent, tumour = np.array([0.0, 0.0, 0.001, 0.002]), np.array([False, False, True, True])
    assert youden_threshold(percent, tumour) == LEAST_PERCENT


def test_of_equal_thresholds_the_largest():
    percent, tumour = np.array([0.0, 1.0, 2.0, 5.0]), np.array([False, True, False, True])
    assert gain(0.5, percent, tumour) == gain(3.5, percent, tumour)
    assert youden_threshold(percent, tumour) == 3.5


def test_shares_are_counted_by_kind():
    areas = Areas(np.array([0.0, 3.0, 0.0, 4.0, 5.0]), np.array([0, 0, 1, 1, 1], bool), 2)
    told = areas.scores_at(1.0)
    assert told["sensitivity"] == pytest.approx(2 / 3)
    assert told["specificity"] == pytest.approx(1 / 2)
    assert (told["slices"], told["with_tumour"], told["patients"]) == (5, 3, 2)


def test_auroc_is_the_share_of_pairs_in_order(slices):
    percent, tumour = slices
    pairs = [
        1.0 if high > low else 0.5 if high == low else 0.0
        for high in percent[tumour]
        for low in percent[~tumour]
    ]
    assert auroc(percent, tumour) == pytest.approx(np.mean(pairs))


def test_a_slice_knows_nothing_of_the_others(data_folder):
    with open_cases([data_folder / "c"]) as (files,):
        case = read_case(files)
    lone, prepared = list(lone_slices(case))[10]
    assert lone.shape[2] == 1
    tissue = prepared.slices.any(axis=(0, 1))
    assert tissue.any(axis=0).all(), "cropped to its own head"
    assert tissue.any(axis=1).all()
    values = prepared.slices[0, 3]
    assert values[values != 0].mean() == pytest.approx(0, abs=1e-4)
    assert values[values != 0].std() == pytest.approx(1, abs=1e-3)
    whole = prepare(case)
    assert prepared.slices.shape[2:] != whole.slices.shape[2:]
    model = ready_for_inference(load_model("unet")[0])
    assert 0 <= drawn_percent(lone, prepared, model, "unet") < 100


@pytest.fixture(scope="module")
def file(data_folder, tmp_path_factory):
    file = tmp_path_factory.mktemp("verdict") / "verdict.json"
    command = ["verdict", "--data", str(data_folder), "--model", "unet", "--json", str(file)]
    assert main([*command, "--show", "flair"]) == 0
    return file


def test_the_command_writes_what_was_chosen_and_what_it_is_worth(file):
    model = json.loads(file.read_text())["models"]["unet"]
    assert len(model["weights"]) == 64
    assert model["data"] == "brats"
    (reading,) = model["readings"]
    assert reading["modalities"] == ["flair"]
    assert (reading["chosen_on"], reading["checked_on"]) == ("val", "test")
    assert reading["threshold_percent"] >= LEAST_PERCENT
    for part in ("chosen", "checked"):
        found = reading[part]
        assert found["patients"] == 1
        assert 0 < found["with_tumour"] < found["slices"]
        assert 0 <= found["sensitivity"] <= 1
        assert 0 <= found["specificity"] <= 1
    assert "| unet | flair |" in format_verdicts(json.loads(file.read_text()))


def test_what_is_kept_was_measured_with_the_embedded_weights():
    results = json.loads((ROOT / "assets" / "results" / "verdict.json").read_text())
    assert {"unet", "resnet_unet", "transunet"} <= set(results["models"])
    for name, model in results["models"].items():
        config = read_config(EMBEDDED / name, name)
        assert model["weights"] == config["sha256"]
        assert model["data"] == config.get("data", "brats")
        measured = {tuple(reading["modalities"]): reading for reading in model["readings"]}
        every = measured[shown_modalities(name, MODALITIES)]
        patients = (every["chosen"]["patients"], every["checked"]["patients"])
        assert patients == ((6, 10) if config.get("data") == "lgg" else (4, 6))


def test_what_a_file_holds_of_others_stays(file):
    def run(modalities, weights, threshold):
        reading = {"modalities": modalities, "threshold_percent": threshold}
        return {"about": "", "models": {"unet": {"weights": weights, "readings": [reading]}}}

    earlier = verdicts_in(file)
    before = earlier["unet"]
    more = with_others(run(["t1c"], before["weights"], 1), earlier)["models"]["unet"]
    assert [each["modalities"] for each in more["readings"]] == [["flair"], ["t1c"]]
    again = with_others(run(["flair"], before["weights"], 7), earlier)["models"]["unet"]
    assert [each["threshold_percent"] for each in again["readings"]] == [7]
    trained_anew = with_others(run(["t1c"], "other", 1), earlier)["models"]["unet"]
    assert [each["modalities"] for each in trained_anew["readings"]] == [["t1c"]]


@pytest.mark.parametrize("content", ["half a fi", "[1, 2]", '{"rows": []}'])
def test_a_file_of_something_else_is_told_before_anything_is_measured(
    content, tmp_path, data_folder, monkeypatch, capsys
):
    monkeypatch.setattr("training.scoring.verdict.load_model", None)
    file = tmp_path / "verdict.json"
    file.write_text(content)
    command = ["verdict", "--data", str(data_folder), "--model", "unet", "--json", str(file)]
    assert main(command) == 2
    assert f"{file} is no file of verdicts" in capsys.readouterr().err
    assert file.read_text() == content


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (["--check", "val"], "is not checked by val"),
        (["--split", "nowhere"], "nowhere"),
        (["--model", "flair_unet", "--show", "t1"], "cannot be shown t1"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_line(data_folder, capsys, wrong, told):
    assert main(["verdict", "--data", str(data_folder), "--model", "unet", *wrong]) == 2
    error = capsys.readouterr().err
    assert told in error
    assert len(error.strip().splitlines()) == 1
