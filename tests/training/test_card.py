import json

import pytest

from model_zoo.factory import create_model
from model_zoo.weights import EMBEDDED, WeightsError, save_weights
from training.card import write_card
from training.log import RunLog, read_log

TRAINING = {
    "steps": 7,
    "batch": 2,
    "crop": [32, 48],
    "learning_rate": 1e-3,
    "encoder_weights": None,
    "augment": {"drop_modality": 0.1, "slice_normalise": 0.25},
}

PATIENTS = {"train": 5, "val": 3}


@pytest.fixture
def folder(tmp_path):
    model = create_model("unet")
    save_weights(model, tmp_path, name="unet", revision="abc", training=TRAINING, patients=PATIENTS)
    return tmp_path


def test_the_card_says_what_the_folder_holds(folder):
    RunLog(folder / "log.jsonl").write(
        step=7, validation_dice={"wt": 0.8124, "tc": 0.5, "et": 0.25}
    )
    text = write_card(folder, "unet").read_text()
    checksum = json.loads((folder / "config.json").read_text())["sha256"]
    for part in (
        "T1, T1c, T2, FLAIR",
        "7 steps of 2 slices",
        "5 patients",
        "3 validation patients",
        "32×48",
        checksum,
        "`abc`",
    ):
        assert part in text
    assert "WT 0.812, TC 0.500, ET 0.250" in text
    assert "Not a medical device" in text
    assert text.startswith("---\nlicense: other\n")


def test_without_a_validation_it_says_so(folder):
    assert "not measured" in write_card(folder, "unet").read_text()


def test_no_card_without_weights(tmp_path):
    with pytest.raises(WeightsError):
        write_card(tmp_path, "unet")


@pytest.mark.parametrize("name", ["unet", "resnet_unet", "transunet"])
def test_the_embedded_cards_tell_the_validation_of_their_log(name):
    log = read_log(EMBEDDED / name / "log.jsonl")
    last = [record["validation_dice"] for record in log if "validation_dice" in record]
    assert f"WT {last[-1]['wt']:.3f}" in (EMBEDDED / name / "README.md").read_text()
