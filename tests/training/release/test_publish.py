"""Publishing with the real client, to a Hub on loopback, and loading what was published."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from common.errors import InputError
from model_zoo.factory import create_model
from model_zoo.registry import contract
from model_zoo.weights import provenance
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.loading import WeightsError, load_model
from model_zoo.weights.tensors import save_weights
from tests.conftest import ROOT
from tests.support.hub_client import point_client
from tests.support.hub_server import run_hub
from training.__main__ import main
from training.release.publish import CARD, PUBLISHED, check_folder, publish

EMBEDDED = provenance.EMBEDDED
EMBEDDED_WITH_CARD = sorted(card.parent.name for card in EMBEDDED.glob(f"*/{CARD}"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The folder of weights that no other place has."""
    folder = tmp_path_factory.mktemp("weights") / "unet"
    checksum = save_weights(create_model("unet"), folder, name="unet", revision="r1")
    card = f"---\nlicense: other\n---\n# U-Net\n\nChecksum of the weights `{checksum}`\n"
    (folder / "README.md").write_text(card)
    (folder / "log.jsonl").write_text('{"step": 1}\n')
    (folder / "pytorch_model.bin").write_bytes(b"a pickle, not for the Hub")
    return folder


@pytest.fixture
def hub(monkeypatch, tmp_path):
    with run_hub() as hub:
        point_client(monkeypatch, hub.address, tmp_path / "home")
        yield hub


def test_a_token_with_a_character_that_none_has_is_told(saved, hub, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_“token”")
    with pytest.raises(InputError, match="holds a character that none has; copy it into HF_TOKEN"):
        publish(saved, "unet", namespace="lab")


def test_what_is_published_loads_and_answers_the_same(saved, hub, monkeypatch):
    published = publish(saved, "unet", namespace="lab")
    assert published.pin.repository == "lab/gliolens-unet"
    pin = f"{published.pin.repository}@{published.pin.revision}"
    monkeypatch.setenv(environment_variable("unet"), pin)
    there, origin = load_model("unet")
    here, _ = load_model("unet", folder=saved)
    reads = contract("unet")
    channels = len(reads.modalities) * len(reads.neighbours)
    slices = np.random.default_rng(0).normal(size=(2, channels, 48, 32)).astype(np.float32)
    np.testing.assert_array_equal(there(slices), here(slices))
    assert (origin.source, origin.revision) == ("hub", published.pin.revision)
    assert origin.note is None


def test_only_the_files_of_a_weights_folder_are_uploaded(saved, hub):
    published = publish(saved, "unet", namespace="lab")
    files = hub.repositories["lab/gliolens-unet"].commits[published.pin.revision]
    assert set(files) == {"config.json", "model.safetensors", "README.md", "log.jsonl"}
    assert files["model.safetensors"] == (saved / "model.safetensors").read_bytes()


@pytest.fixture
def exported(saved, tmp_path):
    """The same folder with all that may stand beside the weights; the ONNX file is of them."""
    folder = shutil.copytree(saved, tmp_path / "unet")
    checksum = json.loads((folder / "config.json").read_text())["sha256"]
    (folder / "model.onnx").write_bytes(b"\x08\x08graph weights_sha256\x12@" + checksum.encode())
    for name in ("best.webp", "worst.webp"):
        (folder / name).write_bytes(b"a picture of the card")
    return folder


def test_the_onnx_file_and_the_pictures_of_the_card_go_with_the_weights(exported, hub):
    published = publish(exported, "unet", namespace="lab")
    files = hub.repositories["lab/gliolens-unet"].commits[published.pin.revision]
    beside = {"model.onnx", "best.webp", "worst.webp"}
    assert beside <= set(files)
    assert all(files[name] == (exported / name).read_bytes() for name in beside)
    assert "pytorch_model.bin" not in files


def test_an_onnx_file_of_other_weights_is_not_published(exported, hub):
    (exported / "model.onnx").write_bytes(b"\x08\x08graph weights_sha256\x12@" + b"0" * 64)
    with pytest.raises(InputError, match="training export --model unet"):
        publish(exported, "unet", namespace="lab")
    assert hub.requests == []


def test_a_card_of_other_weights_is_not_published(saved, hub, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "unet")
    (folder / "README.md").write_text(f"# U-Net\n\nChecksum of the weights `{'0' * 64}`\n")
    with pytest.raises(InputError, match="training card --model unet"):
        publish(folder, "unet", namespace="lab")
    assert hub.requests == []


def test_what_the_folder_no_longer_holds_goes_from_the_repository(exported, hub):
    """A graph of earlier weights beside the new ones would pass for theirs."""
    first = publish(exported, "unet", namespace="lab")
    theirs = hub.add(first.pin.repository, exported)  # with a file that is none of ours
    for name in ("model.onnx", "best.webp"):
        (exported / name).unlink()
    second = publish(exported, "unet", namespace="lab")
    commits = hub.repositories[first.pin.repository].commits
    assert set(commits[theirs]) - set(commits[second.pin.revision]) == {"model.onnx", "best.webp"}
    assert "pytorch_model.bin" in commits[second.pin.revision]
    assert "model.onnx" in commits[first.pin.revision]


@pytest.mark.parametrize("name", EMBEDDED_WITH_CARD)
def test_all_that_an_embedded_folder_holds_is_published(name):
    check_folder(EMBEDDED / name, name)
    assert {file.name for file in (EMBEDDED / name).iterdir()} <= set(PUBLISHED)


def test_private_is_private_from_the_start(saved, hub):
    publish(saved, "unet", namespace="lab", private=True)
    assert hub.repositories["lab/gliolens-unet"].private


def test_private_is_not_promised_of_a_repository_that_is_public(saved, hub):
    publish(saved, "unet", namespace="lab")
    commits = len(hub.repositories["lab/gliolens-unet"].commits)
    with pytest.raises(InputError, match="there already and is public"):
        publish(saved, "unet", namespace="lab", private=True)
    assert len(hub.repositories["lab/gliolens-unet"].commits) == commits


def test_damaged_weights_are_not_published(saved, hub, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "unet")
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"x")
    with pytest.raises(WeightsError, match="is damaged"):
        publish(folder, "unet", namespace="lab")
    assert hub.requests == []


def test_weights_without_a_card_are_not_published(saved, hub, tmp_path):
    folder = shutil.copytree(saved, tmp_path / "unet")
    (folder / "README.md").unlink()
    with pytest.raises(InputError, match="training card --model unet"):
        publish(folder, "unet", namespace="lab")


@pytest.fixture
def command(saved, hub, monkeypatch, capsys):
    """``training publish``, of the saved folder: exit code, what it printed, its error."""
    monkeypatch.setattr(provenance, "EMBEDDED", saved.parent)

    def run(*arguments):
        code = main(["publish", "--model", "unet", *arguments])
        return code, *capsys.readouterr()

    return run


def test_the_command_prints_what_to_write_to_use_it(command, hub):
    code, told, _ = command("--namespace", "lab")
    (commit,) = hub.repositories["lab/gliolens-unet"].commits
    assert code == 0
    lines = told.splitlines()
    assert lines[0] == f"unet: {hub.address}/lab/gliolens-unet at commit {commit}"
    assert f"GLIOLENS_HUB_UNET=lab/gliolens-unet@{commit}" in lines
    assert f'unet = "lab/gliolens-unet@{commit}"' in lines
    assert f'hub = "lab/gliolens-unet@{commit}"' in lines


@pytest.mark.parametrize(
    ("namespace", "sentence"),
    [
        ("others", "You don't have the rights to create a model there"),
        ("a b", "is no name for a repository"),
    ],
)
def test_a_refused_name_is_one_sentence(command, namespace, sentence):
    code, _, error = command("--namespace", namespace)
    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_a_wrong_token_is_one_sentence(command, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_bad")
    code, _, error = command("--namespace", "lab")
    assert code == 2
    assert "does not let this token write" in error


def test_no_token_is_one_sentence(command, monkeypatch, hub):
    monkeypatch.delenv("HF_TOKEN")
    code, _, error = command("--namespace", "lab")
    assert code == 2
    assert "set HF_TOKEN" in error
    assert hub.requests == []


def test_no_network_is_one_sentence(command, monkeypatch, tmp_path):
    point_client(monkeypatch, "http://127.0.0.1:9", tmp_path)
    code, _, error = command("--namespace", "lab")
    assert code == 2
    assert error == "The Hub cannot be reached; publishing needs the network.\n"


def test_offline_is_one_sentence():
    """In a process of its own, since the client reads the environment once."""
    command = [sys.executable, "-m", "training", "publish", "--model", "unet", "--namespace", "lab"]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_TOKEN": "hf_good"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "This machine is set to work offline; unset HF_HUB_OFFLINE to publish.\n"
