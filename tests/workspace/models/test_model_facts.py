import json
import shutil
from pathlib import Path

import pytest

from model_zoo.factory import create_model
from model_zoo.registry import ALL_MODELS
from model_zoo.weights.provenance import EMBEDDED
from workspace.models.model_facts import model_facts


@pytest.mark.parametrize("name", ALL_MODELS)
def test_facts_of_the_embedded_models(name):
    facts = model_facts(name)
    assert facts.config["model"] == name
    assert facts.megabytes > 10
    assert list(facts.curve.columns) == ["WT", "TC", "ET"]
    assert facts.curve.index[-1] == facts.config["training"]["steps"]
    assert facts.curve.to_numpy().min() >= 0
    assert facts.curve.to_numpy().max() <= 1


def test_missing_weights_are_no_error_but_are_said(tmp_path):
    facts = model_facts("unet", weights=tmp_path)
    assert facts.config is None
    assert facts.curve.empty


def test_a_training_that_has_not_validated_yet_has_no_curve(tmp_path):
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "log.jsonl").write_text('{"step": 1, "loss": 0.5}\n')
    assert model_facts("unet", weights=tmp_path).curve.empty


def test_the_steps_of_a_second_stage_follow_those_of_the_first(tmp_path):
    folder = tmp_path / "unet"
    folder.mkdir()
    config = {"model": "unet", "training": {}, "first_stage": {"training": {"steps": 20}}}
    (folder / "config.json").write_text(json.dumps(config))
    shutil.copy(EMBEDDED / "unet" / "model.safetensors", folder)
    line = '{{"step": {}, "validation_dice": {{"wt": {}}}}}\n'
    (folder / "log_first_stage.jsonl").write_text(line.format(10, 0.5) + line.format(20, 0.6))
    (folder / "log.jsonl").write_text(line.format(5, 0.7))
    facts = model_facts("unet", weights=tmp_path)
    assert facts.curve["WT"].to_dict() == {10: 0.5, 20: 0.6, 25: 0.7}


@pytest.mark.parametrize("name", ALL_MODELS)
def test_the_parameters_are_counted_without_loading_them(name):
    assert model_facts(name).parameters == sum(p.numel() for p in create_model(name).parameters())


def test_the_card_comes_without_its_header_and_with_the_pictures_there_are(tmp_path):
    shutil.copytree(EMBEDDED / "unet", tmp_path / "unet")
    (tmp_path / "outside.webp").write_bytes(b"not the card's")
    card = tmp_path / "unet" / "README.md"
    card.write_text(card.read_text() + "\n![gone](gone.webp)\n\n![out](../outside.webp)\n")
    pieces = model_facts("unet", weights=tmp_path).card()
    text = "\n".join(piece for piece in pieces if isinstance(piece, str))
    assert text.lstrip().startswith("# GlioLens U-Net")
    assert "license_name" not in text
    assert "](" not in text
    assert [piece.name for piece in pieces if isinstance(piece, Path)] == [
        "best.webp",
        "worst.webp",
    ]


def test_a_folder_without_a_card_has_none(tmp_path):
    assert model_facts("unet", weights=tmp_path).card() == []
