import json

import pytest

from tests.conftest import ROOT
from tests.support import made_up_results
from workspace.benchmark.measures import MEASURES
from workspace.benchmark.scores import (
    ablation_rows,
    cross_validation_rows,
    cross_validation_sentence,
    drawing_rows,
    groups_of,
    heading,
    is_of,
    leak_sentences,
    planes_rows,
    protocol_lesson,
    protocol_rows,
    published_rows,
    score_rows,
    triple_sentence,
)
from workspace.models.evaluation_results import command_for, read_results

DICE, ERROR = MEASURES["dice"], MEASURES["volume_error_ml"]


@pytest.fixture
def results():
    return made_up_results.results()


@pytest.fixture
def protocols():
    return made_up_results.protocols()


@pytest.fixture
def leak():
    return made_up_results.leak()


def test_the_heading_says_of_whom_and_where(results):
    told = heading(results)
    for part in ("3 patients of the test split", "2 high grade, 1 low grade", "4 cores of a Test"):
        assert part in told
    assert "no constant was chosen" in told


def test_only_the_test_split_claims_to_be_untouched(results):
    assert "no constant" not in heading(results | {"split": "val"})


def test_scores_are_of_the_weights_in_use_or_not(results):
    assert is_of(results, {"unet": "abc"})  # the consensus has no weights of its own
    assert not is_of(results, {"unet": "others"})
    assert is_of(results, {})  # where there are none, none are newer


def test_a_row_a_model_with_its_interval(results):
    first, second = score_rows(results, DICE, "all")
    assert first["Model"] == "U-Net"
    assert first["Patients"] == "3"
    assert first["WT"] == "0.80 [0.70, 0.90]"
    assert first["False slices"] == "12.5\u00a0%"
    assert second["Model"] == "Consensus"


def test_a_single_patient_has_no_interval(results):
    assert [row["TC"] for row in score_rows(results, DICE, "LGG")] == ["0.50", "0.50"]


def test_without_a_slice_to_judge_there_is_no_share(results):
    assert score_rows(results, DICE, "LGG")[0]["False slices"] == "–"


def test_millilitres_have_one_decimal(results):
    assert score_rows(results, ERROR, "all")[0]["ET"] == "3.2 [1.0, 5.0]"


def test_only_groups_that_were_scored_are_offered(results):
    assert groups_of(results) == ["all", "HGG", "LGG"]
    del next(iter(results["models"].values()))["summary"]["LGG"]
    assert groups_of(results) == ["all", "HGG"]


def test_published_numbers_are_shown_as_they_were_published():
    rows = published_rows(read_results("published"))
    assert [rows[0][region] for region in ("WT", "TC", "ET")] == ["0.903", "0.856", "0.791"]
    assert rows[-1]["WT"] == "0.86 to 0.88"
    assert all("20" in row["Published by"] for row in rows), "a row without a year or a data set"


def test_every_protocol_has_its_row(protocols):
    rows = protocol_rows(protocols, "unet")
    assert [row["How it is scored"] for row in rows] == ["Per patient in 3D (ours)", "Accuracy"]
    assert rows[1]["ET"] == "1.00"


def test_the_lesson_sets_the_kindest_against_the_honest(protocols):
    lesson = protocol_lesson(protocols, "unet")
    assert "0.62 per patient, and 0.99 as “accuracy”" in lesson


def test_the_triple_sigmoid_is_told_with_its_numbers(protocols):
    told = triple_sentence(protocols["triple_sigmoid"], protocols["patients"])
    assert "100\u00a0% of all pixels" in told
    assert "WT 0.02, TC 0.01, ET 0.00" in told


def test_the_leak_is_told_with_both_scores_and_what_it_adds(leak):
    told = " ".join(leak_sentences(leak, "pooled_tumour"))
    assert "WT 0.90 instead of 0.80" in told
    assert "whole tumour +0.05 [+0.01, +0.09]" in told
    assert "1000 steps" in told


def test_the_ablation_has_a_row_a_variant_and_one_for_the_drawing():
    rows = ablation_rows(read_results("ablation"))
    assert [row["Variant"] for row in rows[:3]] == [
        "recipe",
        "recipe, at one half",
        "low grade once",
    ]
    assert len(rows) == 9
    assert (rows[0]["TC"], rows[0]["TC low grade"]) == ("0.67", "0.43")
    assert rows[1]["What it is"].startswith("Every region drawn at a probability of one half")


def test_every_way_of_drawing_has_a_row_and_the_app_s_own_comes_first():
    rows = drawing_rows(read_results("drawing"))
    assert (rows[0]["Rule"], rows[0]["What it is"]) == ("drawn", "As the app draws.")
    assert {"WT", "TC", "ET", "TC high grade", "TC low grade", "ET lesion-wise"} < set(rows[0])
    half = next(row for row in rows if row["Rule"] == "no specks")
    assert float(rows[0]["TC low grade"]) > float(half["TC low grade"]) + 0.1


def test_the_other_planes_stand_beside_axial_slices_by_grade():
    axial = read_results("drawing")
    better = {
        "rows": [
            row | {"dice": {region: min(1, dice + 0.1) for region, dice in row["dice"].items()}}
            for row in axial["rows"]
        ]
    }
    rows = planes_rows(axial, better)
    assert [row["Patients"] for row in rows[::2]] == ["32 all", "25 high grade", "7 low grade"]
    for one, all_planes in zip(rows[::2], rows[1::2], strict=True):
        assert one["Learned from"] == "Axial slices"
        assert all_planes["Learned from"] == "Slices of all planes"
        assert float(all_planes["WT"]) - float(one["WT"]) == pytest.approx(0.1, abs=0.011)


def test_a_missing_file_is_none_and_has_its_command(tmp_path):
    assert read_results("test", folder=tmp_path) is None
    assert command_for("leak").startswith("python -m training leak ")


@pytest.mark.parametrize("name", ["test", "protocols", "leak"])
def test_the_commands_are_ones_that_there_are(name):
    from training.commands import make_parser

    words = command_for(name).removeprefix("python -m training ").split()
    assert str(make_parser().parse_args(words).json) == f"assets/results/{name}.json"


def test_the_shipped_results_can_be_shown():
    results = json.loads((ROOT / "assets" / "results" / "test.json").read_text())
    for measure in MEASURES.values():
        for group in groups_of(results):
            assert len(score_rows(results, measure, group)) == len(results["models"])


def test_cross_validation_is_told_for_every_grade():
    results = read_results("cross_validation")
    told = cross_validation_sentence(results)
    assert told.startswith("**All 38 patients**, those of the test among them, dealt into 5 folds")
    rows = cross_validation_rows(results, MEASURES["dice"])
    assert [row["Patients"] for row in rows] == ["38 all", "30 high grade", "8 low grade"]
    assert rows[2]["TC"] == "0.55 [0.38, 0.71]"
