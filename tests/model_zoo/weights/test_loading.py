import json

import pytest
import torch

from model_zoo.factory import create_model
from model_zoo.registry import ALL_MODELS
from model_zoo.weights.folder import sha256
from model_zoo.weights.loading import EMBEDDED, WeightsError, load_model, load_network
from model_zoo.weights.tensors import save_weights


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("weights") / "unet"
    save_weights(create_model("unet"), folder, name="unet", revision="r1", steps=7)
    return folder


@pytest.fixture
def folder(saved, tmp_path):
    """A copy that a test may damage."""
    for file in saved.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_config_says_what_the_weights_are(saved):
    config = json.loads((saved / "config.json").read_text())
    assert config["model"] == "unet"
    assert config["revision"] == "r1"
    assert config["steps"] == 7


def change(folder, **entries):
    config = json.loads((folder / "config.json").read_text()) | entries
    (folder / "config.json").write_text(json.dumps(config))


def test_a_network_answers_in_the_planes_it_learned_from(folder):
    assert load_model("unet", folder=folder)[0].planes == ("axial",)
    change(folder, training={"planes": ["axial", "coronal"]})
    assert load_model("unet", folder=folder)[0].planes == ("axial", "coronal")


def test_a_plane_that_there_is_not_is_refused(folder):
    change(folder, training={"planes": ["axial", "oblique"]})
    with pytest.raises(WeightsError, match=r"names planes .*oblique.* axial, coronal, sagittal"):
        load_model("unet", folder=folder)


def test_tensors_are_float16(saved):
    assert (saved / "model.safetensors").stat().st_size == pytest.approx(15.5e6, rel=0.02)


def test_a_missing_folder_says_how_to_get_it(tmp_path):
    with pytest.raises(WeightsError, match="weights of unet are missing"):
        load_model("unet", folder=tmp_path / "nowhere")


def test_one_flipped_bit_is_found(folder):
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-5] ^= 1
    file.write_bytes(content)
    with pytest.raises(WeightsError, match="is damaged: its checksum"):
        load_model("unet", folder=folder)


def test_weights_of_another_model_are_refused(folder):
    with pytest.raises(WeightsError, match="holds the weights of unet, not of transunet"):
        load_model("transunet", folder=folder)


def test_tensors_that_do_not_fit_are_refused(folder):
    config = json.loads((folder / "config.json").read_text()) | {"model": "transunet"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="does not fit the architecture of transunet"):
        load_model("transunet", folder=folder)


NO_TEXT = '{"model": "unet", "revision": "r", "sha256": 5}'


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"model": "unet"}', NO_TEXT, "not json"])
def test_a_broken_configuration_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(WeightsError, match=r"config\.json is not the configuration of a model"):
        load_model("unet", folder=folder)


def test_pickles_are_not_read(folder):
    config = json.loads((folder / "config.json").read_text())
    torch.save({"weight": torch.ones(1)}, folder / "model.safetensors")
    config["sha256"] = sha256(folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(WeightsError, match="does not fit"):
        load_model("unet", folder=folder)


@pytest.mark.parametrize("name", ALL_MODELS)
def test_the_embedded_weights_load(name):
    model, origin = load_network(name)
    assert origin.source == "embedded"
    assert origin.sha256 == json.loads((EMBEDDED / name / "config.json").read_text())["sha256"]
    assert all(torch.isfinite(value).all() for value in model.state_dict().values())
