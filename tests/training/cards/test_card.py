import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from huggingface_hub import ModelCard
from huggingface_hub.repocard import metadata_load

from common.vocabulary import REGION_NAMES
from inference.network.postprocess import thresholds
from model_zoo.factory import create_model
from model_zoo.registry import ALL_MODELS, registry
from model_zoo.weights.loading import EMBEDDED, WeightsError
from model_zoo.weights.tensors import save_weights
from tests.support import made_up_results
from training.cards.card import PICTURES, Sources, card_text, write_card
from training.cards.card_pictures import RANKS
from training.log import RunLog

TRAINING = {
    "steps": 7,
    "batch": 2,
    "crop": [32, 48],
    "learning_rate": 1e-3,
    "encoder_weights": None,
    "augment": {"rotate": 15.0, "drop_modality": 0.1, "slice_normalise": 0.25, "warp": 0.0},
}

PATIENTS = {"train": 5, "val": 3}


@pytest.fixture
def folder(tmp_path):
    return _saved(tmp_path / "unet", TRAINING)


def _saved(folder: Path, training, **facts) -> Path:
    model = create_model("unet")
    save_weights(
        model, folder, name="unet", revision="abc", training=training, patients=PATIENTS, **facts
    )
    return folder


@pytest.fixture
def nothing(tmp_path):
    return Sources(results=tmp_path / "none.json", pictures=tmp_path / "none")


@pytest.fixture
def sources(folder, tmp_path):
    """Results and pictures of the very weights of the folder."""
    checksum = json.loads((folder / "config.json").read_text())["sha256"]
    return _sources(tmp_path / "sources", checksum)


def _sources(place: Path, checksum: str) -> Sources:
    told = made_up_results.captions(unet=checksum)
    made_up_results.draw_pictures(place, told)
    (place / "captions.json").write_text(json.dumps(told))
    (place / "test.json").write_text(json.dumps(made_up_results.results(unet=checksum)))
    return Sources(results=place / "test.json", pictures=place)


def test_the_card_says_what_the_folder_holds(folder, nothing):
    RunLog(folder / "log.jsonl").write(
        step=7, validation_dice={"wt": 0.8124, "tc": 0.5, "et": 0.25}
    )
    text = write_card(folder, "unet", sources=nothing).read_text()
    checksum = json.loads((folder / "config.json").read_text())["sha256"]
    for part in (
        "T1, T1c, T2, FLAIR",
        "7 steps of 2 slices",
        "5 patients",
        "3 validation patients",
        "32×48",
        "Rotation by up to 15°",
        checksum,
        "`abc`",
        "WT 0.812, TC 0.500, ET 0.250",
        "Not a medical device",
        "GLIOLENS_HUB_UNET",
    ):
        assert part in text
    assert "bending" not in text  # this run did not bend its slices


def test_validation_is_told_as_it_is_scored_now(folder, nothing, tmp_path):
    """The log's last line may be of an earlier rule of drawing: two numbers for one thing."""
    RunLog(folder / "log.jsonl").write(step=7, validation_dice={"wt": 0.1, "tc": 0.1, "et": 0.1})
    checksum = json.loads((folder / "config.json").read_text())["sha256"]
    for weights, told in (
        (checksum, "measured as the test patients are:\nWT 0.800, TC 0.500, ET 0.300."),
        ("of others", "at the end of training:\nWT 0.100, TC 0.100, ET 0.100."),
    ):
        results = made_up_results.results(unet=weights) | {"split": "val"}
        (tmp_path / "val.json").write_text(json.dumps(results))
        sources = replace(nothing, validation=tmp_path / "val.json")
        assert told in card_text(folder, "unet", sources=sources)


def test_without_a_validation_it_says_so(folder, nothing):
    assert "not measured" in card_text(folder, "unet", sources=nothing)


def test_no_card_without_weights(tmp_path):
    with pytest.raises(WeightsError):
        write_card(tmp_path, "unet")


def test_the_hub_reads_its_results(folder, sources):
    card = ModelCard.load(write_card(folder, "unet", sources=sources))
    assert card.data.license == "other"
    assert card.data.pipeline_tag == "image-segmentation"
    found = {(r.dataset_config, r.metric_name): r.metric_value for r in card.data.eval_results}
    assert found["all", "Dice, whole tumour"] == 0.8
    assert found["LGG", "HD95 in mm, enhancing tumour"] == 100.0
    assert len(found) == 3 * 3 * 3
    assert {r.dataset_split for r in card.data.eval_results} == {"test"}


def test_results_stand_with_intervals_and_grades_apart(folder, sources):
    text = card_text(folder, "unet", sources=sources)
    assert "| Dice | 3 all | 0.800 [0.700, 0.900] |" in text
    assert "| Dice | 1 low grade | 0.800 | 0.500 | 0.300 |" in text
    assert "4 cores of a Test" in text
    assert "12.5% of the slices" in text


def test_failures_are_told_with_their_numbers(folder, sources):
    text = card_text(folder, "unet", sources=sources)
    assert "The worst patient is Brats_C (low grade): Dice WT 0.700, TC 0.100, ET 0.000." in text
    assert "Tumour core at its worst: Brats_C, Dice 0.100; 20.0 ml drawn where 15.0 ml are" in text


def test_its_pictures_lie_beside_it_and_are_called_synthetic(folder, sources):
    text = write_card(folder, "unet", sources=sources).read_text()
    assert "4 synthetic cases, not patients" in text
    for rank in RANKS:
        assert f"]({rank}.webp)" in text
        copied = (sources.pictures / f"unet-{rank}.webp").read_bytes()
        assert (folder / f"{rank}.webp").read_bytes() == copied


def test_results_and_pictures_of_other_weights_are_left_out(folder, sources, tmp_path):
    write_card(folder, "unet", sources=sources)
    others = _sources(tmp_path / "others", "of other weights")
    card = write_card(folder, "unet", sources=others)
    assert "have not been scored" in card.read_text()
    assert "model-index" not in metadata_load(card)
    assert not list(folder.glob("*.webp"))


def test_results_of_another_int8_form_of_the_same_weights_are_left_out(folder, sources):
    """Made anew, say of other slices, it answers otherwise, and it is what was scored."""
    results = json.loads(sources.results.read_text())
    config = json.loads((folder / "config.json").read_text())
    config["int8"] = {"calibrated_on": "3 slices", "sha256": {"graph": "new"}}
    (folder / "config.json").write_text(json.dumps(config))
    for graph, told in (("new", True), ("old", False)):
        results["models"]["unet"]["int8_sha256"] = {"graph": graph}
        sources.results.write_text(json.dumps(results))
        assert ("0.800 [0.700, 0.900]" in card_text(folder, "unet", sources=sources)) is told


def test_neighbours_and_what_is_done_at_inference_are_told(tmp_path, nothing):
    training = TRAINING | {"neighbours": [-2, 0, 2], "low_grade_weight": 2.0}
    training["augment"] = TRAINING["augment"] | {"no_enhancement": 0.2}
    folder = _saved(tmp_path / "w", training, inference={"flips": ["left-right"], "rotations": 0})
    text = card_text(folder, "unet", sources=nothing)
    assert "(N, 12, H, W)" in text
    assert "neighbours at -2, 0, +2 mm" in text
    assert "20% of the slices with the tumour's contrast taken out" in text
    assert "Low-grade patients are drawn 2 times as often" in text
    assert 'At inference, flips: ["left-right"].' in text
    assert "rotations" not in text


def test_an_early_end_and_a_first_stage_are_told(tmp_path, nothing):
    first = {"training": TRAINING | {"steps": 70, "batch": 6}}
    training = TRAINING | {"steps": 50, "patience": 2}
    folder = _saved(tmp_path / "w", training, first_stage=first)
    log = RunLog(folder / "log.jsonl")
    log.write(step=20, validation_dice={"wt": 0.9})
    log.write(step=40, validation_dice={"wt": 0.8})
    text = card_text(folder, "unet", sources=nothing)
    assert "40 of at most 50 steps of 2 slices" in text
    assert "from the weights of a first stage of 70 steps of 6 slices cut to 32×48" in text


def test_what_it_says_of_thresholds_is_so():
    """The template says 0.5, and less where a tumour hardly enhances."""
    enhancing = np.full((3, 4, 4, 30), 0.9, np.float32)
    hardly = enhancing * np.array([1, 1, 0]).reshape(3, 1, 1, 1)
    assert thresholds(enhancing) == (0.5, 0.5, 0.5)
    assert min(thresholds(hardly)) < 0.5


def _embedded() -> list[str]:
    return [name for name in registry() if (EMBEDDED / name / "config.json").is_file()]


def test_the_three_that_compare_are_embedded():
    assert set(ALL_MODELS) <= set(_embedded())


@pytest.mark.parametrize("name", _embedded())
def test_the_embedded_cards_are_what_the_command_writes(name):
    folder = EMBEDDED / name
    assert (folder / "README.md").read_text(encoding="utf-8") == card_text(folder, name)
    card = ModelCard.load(folder / "README.md")
    assert card.data.license == "other"
    summary = json.loads(Sources.of(name).results.read_text())["models"][name]["summary"]
    told = {(r.dataset_config, r.metric_name): r.metric_value for r in card.data.eval_results}
    for group, scored in summary.items():
        for region, dice in scored["dice"].items():
            key = group, f"Dice, {REGION_NAMES[region].lower()}"
            assert told[key] == pytest.approx(dice["mean"], abs=1e-4)
    pictures = list(folder.glob("*.webp"))
    assert sum(file.stat().st_size for file in pictures) < 150_000
    for file in pictures:
        assert file.read_bytes() == (PICTURES / f"{name}-{file.name}").read_bytes()
