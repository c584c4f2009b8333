import json
import shutil

import pytest

from model_zoo.registry import ALL_MODELS, registry
from model_zoo.weights.provenance import EMBEDDED
from tests.support import made_up_results
from training.data.data_sets import DATA_SETS
from training.scoring.evaluate import format_pixels
from workspace.benchmark import later_models as room
from workspace.benchmark.later_models import (
    WAYS,
    claim_rows,
    file_sentence,
    group_rows,
    later_models,
    unseen_sentence,
    what_it_is,
)
from workspace.benchmark.measures import MEASURES
from workspace.models.evaluation_results import RESULTS, command_for_model, read_results
from workspace.models.model_facts import model_facts

CLAIMS = json.loads((RESULTS / "claims.json").read_text())


@pytest.fixture
def vgg(monkeypatch, tmp_path):
    """VGG16 U-Net as if it had been scored; nothing else has results, and no weights are here."""
    told = json.dumps(made_up_results.lower_grade_results())
    (tmp_path / "vgg16_unet_test.json").write_text(told)
    monkeypatch.setitem(read_results.__kwdefaults__, "folder", tmp_path)
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    return later_models(CLAIMS)[0]


def test_all_but_the_three_are_there_and_those_with_results_come_first(vgg):
    models = later_models(CLAIMS)
    assert {model.name for model in models} == set(registry()) - set(ALL_MODELS)
    assert [model.results is None for model in models] == [False, True, True]
    assert vgg.name == "vgg16_unet"


def test_one_region_without_grades_or_voxel_sizes(vgg):
    assert vgg.regions == ["wt"]
    assert vgg.measures == ["dice"]
    (row,) = group_rows(vgg, MEASURES["dice"])
    assert row["Test patients"] == "3 all"
    assert row["WT"].startswith("0.60 [")
    assert row["False slices"] == "12.5\u00a0%"
    assert set(row) == {"Test patients", "WT", "False slices"}


def test_what_was_claimed_stands_beside_ours_in_the_same_way_of_scoring(vgg):
    rows = {row["How it is scored"]: row for row in claim_rows(vgg)}
    honest, pooled, each, iou = (rows[title] for title, _ in WAYS.values())
    assert honest["Ours"].startswith("0.60 [")
    assert (honest["Public reference"], honest["Earlier project"]) == ("0.91", "–")
    # Dice 1 and 2/3, IoU 1 and 1/2; pooled 2 * 48 / (48 + 64).
    assert (pooled["Ours"], pooled["Earlier project"]) == ("0.86", "–")
    assert (each["Ours"], each["Earlier project"]) == ("0.83", "0.81")
    assert (iou["Ours"], iou["Earlier project"]) == ("0.75", "0.74")


def test_slices_that_such_scores_never_see_are_told(vgg):
    told = unseen_sentence(vgg)
    assert told.startswith("2 of the 3 slices hold tumour. On average over patients")
    assert "12.5\u00a0% of the others" in told


def test_without_a_slice_free_of_tumour_there_is_no_share(vgg):
    vgg.scored["summary"]["all"]["false_positive_rate"]["mean"] = None
    assert unseen_sentence(vgg) == "2 of the 3 slices hold tumour."


def test_a_model_of_which_there_is_nothing_is_still_told(vgg):
    told = what_it_is(vgg)
    assert "VGG16" in told
    assert "public reference" in told
    assert "It learned from" not in told, "there are no weights that would say so"
    assert file_sentence(vgg) == ""


@pytest.mark.parametrize("name", ["edge_unet", "flair_unet"])
def test_the_shipped_scores_are_those_of_the_evaluation(name):
    model = next(each for each in later_models(CLAIMS) if each.name == name)
    assert not model.outdated
    assert "It learned from 28 patients of BraTS 2018 and 2021." in what_it_is(model)
    assert len(group_rows(model, MEASURES["hd95_mm"])) == 3
    over_tumour = format_pixels(model.results).splitlines()[2]
    column = "Ours" if model.regions == ["wt"] else "WT"
    for row, place in zip(claim_rows(model)[2:], (3, 4), strict=True):
        assert f"{float(over_tumour.split('|')[place]):.2f}" == row[column]


def test_scores_of_other_weights_are_known_as_such(vgg, tmp_path):
    assert not vgg.outdated, "without weights there is nothing to differ from"
    shutil.copytree(EMBEDDED / "flair_unet", tmp_path / "vgg16_unet")
    assert later_models(CLAIMS)[0].outdated


@pytest.fixture
def edge(monkeypatch, tmp_path):
    """Edge U-Net with an ONNX file and a time for it: of its weights, unless others are named."""
    folder = shutil.copytree(EMBEDDED / "edge_unet", tmp_path / "edge_unet")
    (folder / "model.onnx").write_bytes(b"x" * 51_234)
    monkeypatch.setitem(model_facts.__kwdefaults__, "weights", tmp_path)
    monkeypatch.setitem(read_results.__kwdefaults__, "folder", tmp_path)

    def timed(weights=None):
        checksum = weights or json.loads((folder / "config.json").read_text())["sha256"]
        told = made_up_results.exported(checksum)
        (tmp_path / "edge_unet_onnx.json").write_text(json.dumps(told))
        return next(each for each in later_models(CLAIMS) if each.name == "edge_unet")

    return timed


def test_the_sizes_are_those_of_the_files_and_the_time_is_that_measured(edge):
    model = edge()
    told = file_sentence(model)
    assert "51 KB as ONNX" in told
    weights = model.facts.folder / "model.safetensors"
    assert f"{weights.stat().st_size / 1000:.0f} KB as safetensors" in told
    assert "took 13.3 ms in ONNX Runtime (median of 20; 9.6 ms at best) and 25 ms" in told
    assert told.endswith("on one core of a machine with 4 cores of a Test.")


def test_a_time_of_other_weights_is_left_out(edge):
    assert file_sentence(edge("of an earlier training")).endswith("as safetensors.")


def test_claims_are_of_later_models_in_known_ways():
    assert set(CLAIMS["models"]) <= set(registry()) - set(ALL_MODELS)
    for told in CLAIMS["models"].values():
        for claim in told["claims"]:
            assert set(claim["scores"]) <= set(WAYS)


def test_without_claims_ours_stand_alone(vgg):
    (model, *_) = later_models(None)
    assert set(claim_rows(model)[0]) == {"How it is scored", "Ours"}
    assert model.earlier == ""


def test_data_sets_are_called_as_in_training():
    assert {key: each.title for key, each in DATA_SETS.items()} == room.DATA_SETS


@pytest.mark.parametrize("name", sorted(set(registry()) - set(ALL_MODELS)))
def test_the_command_is_one_that_there_is(name):
    from training.commands import make_parser

    words = command_for_model(name).removeprefix("python -m training ").split()
    options = make_parser().parse_args(words)
    assert (options.model, options.split) == (name, "test")
    assert str(options.json) == f"assets/results/{name}_test.json"
