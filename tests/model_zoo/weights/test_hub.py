"""Loading with the real client from a Hub on loopback that is slow, broken, wrong or away."""

import json
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import torch
from huggingface_hub import constants

from common.errors import InputError
from inference.__main__ import main
from model_zoo.factory import create_model
from model_zoo.weights import hub as hub_module
from model_zoo.weights.folder import INTEGERS
from model_zoo.weights.hub_pin import HubPin, environment_variable
from model_zoo.weights.loading import EMBEDDED, WeightsError, load_model
from model_zoo.weights.tensors import save_weights
from tests.conftest import ROOT
from tests.support.hub_client import point_client
from tests.support.hub_server import run_hub

# Most ask for the smallest network, which loads in a moment; some for one that has a graph and an
# int8 form, or whose file is large enough to break off within.
SMALLEST, LARGER = "edge_unet", "unet"
REPOSITORY = "lab/gliolens-unet"
# What a machine with other work may take on top of a wait that is said.
SLACK_SECONDS = 30


def save(folder, seed, name=SMALLEST):
    torch.manual_seed(seed)
    save_weights(create_model(name), folder, name=name, revision=f"r{seed}")
    (folder / "log.jsonl").write_text('{"step": 1}\n')
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two versions of a model, neither the embedded one."""
    base = tmp_path_factory.mktemp("published")
    return [save(base / str(seed), seed) for seed in range(2)]


@pytest.fixture(scope="module")
def larger(tmp_path_factory):
    return save(tmp_path_factory.mktemp("published") / LARGER, 0, LARGER)


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def hub(monkeypatch, home):
    with run_hub() as hub:
        point_client(monkeypatch, hub.address, home)
        monkeypatch.setattr(hub_module, "_silent_until", 0.0)
        yield hub


@pytest.fixture
def pinned(hub, folders, monkeypatch):
    """Publishes a version and configures it; the commit."""

    def publish(*, tag=None, folder=folders[0], name=SMALLEST):
        commit = hub.add(REPOSITORY, folder)
        if tag:
            hub.repositories[REPOSITORY].tags[tag] = commit
        monkeypatch.setenv(environment_variable(name), f"{REPOSITORY}@{tag or commit}")
        return commit

    return publish


def checksum(folder):
    return json.loads((folder / "config.json").read_text())["sha256"]


def assert_embedded(origin, reason, name=SMALLEST):
    """The embedded weights were loaded, and the note says why."""
    assert origin.source == "embedded"
    assert origin.sha256 == checksum(EMBEDDED / name)
    told = f"The embedded weights are used instead of Hugging Face Hub {REPOSITORY} at revision "
    assert origin.note.startswith(told)
    assert reason in origin.note
    assert str(constants.HF_HUB_CACHE) not in origin.note


def test_the_pinned_revision_is_loaded_not_the_newest(hub, folders, pinned):
    commit = pinned()
    newest = hub.add(REPOSITORY, folders[1])
    assert newest != commit
    model, origin = load_model(SMALLEST)
    here, _ = load_model(SMALLEST, folder=folders[0])
    assert (origin.source, origin.revision) == ("hub", commit)
    assert origin.sha256 == checksum(folders[0])
    assert origin.note is None
    assert origin.described == f"Hugging Face Hub {REPOSITORY} at revision {commit[:7]}"
    slices = np.random.default_rng(0).normal(size=(1, 4, 32, 32)).astype(np.float32)
    np.testing.assert_array_equal(model(slices), here(slices))


def test_the_secret_is_used_where_the_environment_says_nothing(hub, larger):
    commit = hub.add(REPOSITORY, larger)
    _, origin = load_model(LARGER, secret=f"{REPOSITORY}@{commit}")
    assert origin.report() == {
        "source": f"hub {REPOSITORY}",
        "revision": commit,
        "sha256": checksum(larger),
        "precision": "float",
        "int8_sha256": None,
        "runtime": "OpenVINO",
    }


def test_the_int8_form_is_fetched_where_it_is_published(hub, pinned):
    commit = pinned(folder=EMBEDDED / LARGER, name=LARGER)
    _, origin = load_model(LARGER)
    assert (origin.source, origin.revision, origin.precision) == ("hub", commit, "int8")
    _, origin = load_model(LARGER)
    assert (origin.source, origin.precision) == ("hub cache", "int8")


def test_a_damaged_int8_form_is_fetched_anew(hub, pinned):
    pinned(folder=EMBEDDED / LARGER, name=LARGER)
    _, origin = load_model(LARGER)
    (origin.folder / INTEGERS).resolve().write_bytes(b"damaged")
    _, origin = load_model(LARGER)
    assert (origin.source, origin.precision) == ("hub", "int8")


def test_a_commit_in_the_cache_is_not_asked_for_again(hub, pinned):
    commit = pinned()
    load_model(SMALLEST)
    hub.requests.clear()
    _, origin = load_model(SMALLEST)
    assert hub.requests == []
    assert origin.source == "hub cache"
    assert origin.described.endswith(f"at revision {commit[:7]}, from the local cache")
    assert origin.note is None


def test_a_tag_is_asked_for_and_follows_where_it_goes(hub, folders, pinned):
    pinned(tag="v1")
    load_model(SMALLEST)
    hub.repositories[REPOSITORY].tags["v1"] = hub.add(REPOSITORY, folders[1])
    _, origin = load_model(SMALLEST)
    assert origin.sha256 == checksum(folders[1])
    assert origin.source == "hub"


def test_a_tag_is_found_in_the_cache_when_the_hub_is_away(pinned, monkeypatch, home):
    commit = pinned(tag="v1")
    load_model(SMALLEST)
    point_client(monkeypatch, "http://127.0.0.1:9", home)
    _, origin = load_model(SMALLEST)
    assert (origin.source, origin.revision) == ("hub cache", commit)
    assert origin.note == (
        f"The local cache is used instead of Hugging Face Hub {REPOSITORY} at revision v1: "
        "it cannot be reached."
    )


def test_a_broken_download_goes_on_where_it_broke(hub, larger, pinned):
    pinned(folder=larger, name=LARGER)
    hub.faults.cut_at = 9_000_000
    _, origin = load_model(LARGER)
    whole, rest = hub.downloads()
    assert whole is None
    first = int(rest.removeprefix("bytes=").removesuffix("-"))
    assert 9_000_000 - hub_module.PIECE_BYTES <= first <= 9_000_000
    assert origin.source == "hub"


def test_half_a_file_is_never_loaded(hub, larger, pinned, monkeypatch):
    commit = pinned(folder=larger, name=LARGER)
    monkeypatch.setattr(hub_module, "SILENCE_SECONDS", 2)
    hub.faults.stall_at = 9_000_000
    start = time.monotonic()
    _, origin = load_model(LARGER)
    assert time.monotonic() - start < 2 + SLACK_SECONDS
    assert_embedded(origin, "it did not answer within 2 seconds", LARGER)
    assert hub_module.cached(HubPin(REPOSITORY, commit)) is None


def test_a_wrong_checksum_is_not_used_and_not_kept(hub, pinned):
    commit = pinned()
    hub.faults.damaged = True
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "model.safetensors is damaged: its checksum is ")
    hub.faults.damaged = False
    _, origin = load_model(SMALLEST)
    assert (origin.source, origin.revision) == ("hub", commit)


def test_a_cache_that_was_damaged_is_fetched_anew(hub, pinned):
    commit = pinned()
    _, origin = load_model(SMALLEST)
    with (origin.folder / "model.safetensors").open("r+b") as file:
        file.write(b"x")
    _, origin = load_model(SMALLEST)
    assert (origin.source, origin.revision) == ("hub", commit)
    assert len(hub.downloads()) == 2


def test_without_a_server_the_embedded_weights_are_used_at_once(pinned, monkeypatch, home):
    pinned()
    point_client(monkeypatch, "http://127.0.0.1:9", home)
    start = time.monotonic()
    _, origin = load_model(SMALLEST)
    assert time.monotonic() - start < SLACK_SECONDS
    assert_embedded(origin, "it cannot be reached")


def test_a_token_with_a_character_that_none_has_is_told(pinned, monkeypatch):
    pinned()
    monkeypatch.setenv("HF_TOKEN", "hf_“token”")
    assert_embedded(load_model(SMALLEST)[1], "the token for it holds a character that none has")


def test_a_silent_server_is_waited_for_no_longer_than_said(hub, pinned, monkeypatch):
    pinned()
    monkeypatch.setattr(hub_module, "ANSWER_SECONDS", 1)
    hub.faults.answer_after = 600
    start = time.monotonic()
    _, origin = load_model(SMALLEST)
    assert 1 <= time.monotonic() - start < 1 + SLACK_SECONDS
    assert_embedded(origin, "it did not answer in time")
    asked = len(hub.requests)
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "it did not answer a moment ago")
    assert len(hub.requests) == asked


def test_a_silent_server_is_waited_for_no_longer_where_a_tag_is_pinned(hub, pinned, monkeypatch):
    """The client takes no time for this question, and would wait as long as within a download."""
    pinned(tag="v1")
    monkeypatch.setattr(hub_module, "ANSWER_SECONDS", 1)
    hub.faults.answer_after = 600
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "it did not answer within 1 seconds")
    asked = len(hub.requests)
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "it did not answer a moment ago")
    assert len(hub.requests) == asked


def test_offline_nothing_is_asked(hub, pinned, monkeypatch):
    pinned()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "this machine is set to work offline")
    assert hub.requests == []


def test_offline_the_cache_is_used(hub, pinned, monkeypatch):
    commit = pinned()
    load_model(SMALLEST)
    hub.requests.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    _, origin = load_model(SMALLEST)
    assert (origin.source, origin.revision, origin.note) == ("hub cache", commit, None)
    assert hub.requests == []


def test_pickles_are_refused_without_a_download(hub, folders, pinned, tmp_path):
    (tmp_path / "config.json").write_bytes((folders[0] / "config.json").read_bytes())
    torch.save({"weight": torch.ones(1)}, tmp_path / "pytorch_model.bin")
    pinned(folder=tmp_path)
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "has no model.safetensors there, and weights in another form")
    assert not [path for _, path, _ in hub.requests if "resolve" in path]


def test_nothing_but_the_named_files_is_downloaded(hub, folders, pinned, tmp_path):
    for file in folders[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"a pickle")
    (tmp_path / "modeling.py").write_bytes(b"code")
    pinned(folder=tmp_path)
    _, origin = load_model(SMALLEST)
    names = {file.name for file in origin.folder.iterdir()}
    assert names == {"config.json", "model.safetensors", "log.jsonl"}


def test_weights_of_another_model_are_refused(pinned, tmp_path):
    save_weights(create_model("flair_unet"), tmp_path, name="flair_unet", revision="r")
    pinned(folder=tmp_path)
    _, origin = load_model(SMALLEST)
    assert_embedded(origin, "it holds the weights of flair_unet, not of edge_unet")


@pytest.mark.parametrize("revision", ["main", "dev", "0123456"])
def test_a_revision_that_is_not_pinned_is_refused(hub, folders, monkeypatch, revision):
    commit = hub.add(REPOSITORY, folders[0])
    hub.repositories[REPOSITORY].branches["dev"] = commit
    monkeypatch.setenv(environment_variable(SMALLEST), f"{REPOSITORY}@{revision}")
    if revision == "main":
        with pytest.raises(InputError, match="moves with every upload"):
            load_model(SMALLEST)
    else:
        why = {"dev": "dev is a branch, which moves", "0123456": "named by all its 40 characters"}
        _, origin = load_model(SMALLEST)
        assert_embedded(origin, why[revision])
    assert hub.downloads() == []


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("lab/nowhere@" + "0" * 40, "it shows no repository lab/nowhere to this machine"),
        (f"{REPOSITORY}@{'0' * 40}", f"{REPOSITORY} has no such revision"),
    ],
)
def test_what_the_hub_does_not_have_is_said(hub, folders, pin, reason):
    hub.add(REPOSITORY, folders[0])
    _, origin = load_model(SMALLEST, secret=pin)
    assert origin.source == "embedded"
    assert reason in origin.note


def test_with_no_weights_anywhere_both_reasons_are_told(pinned, monkeypatch, home, tmp_path):
    pinned()
    point_client(monkeypatch, "http://127.0.0.1:9", home)
    monkeypatch.setattr("model_zoo.weights.loading.EMBEDDED", tmp_path)
    with pytest.raises(
        WeightsError, match=r"weights of edge_unet are missing.*it cannot be reached"
    ):
        load_model(SMALLEST)


def test_several_who_ask_at_once_share_one_download(hub, folders):
    pin = HubPin(REPOSITORY, hub.add(REPOSITORY, folders[0]))
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(hub_module.fetch(pin))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({place.folder for place in found}) == 1
    assert len(found) == 4
    assert len(hub.downloads()) == 1


@pytest.mark.slow
def test_the_command_line_says_where_the_weights_are_from(
    pinned, larger, small_case_folder, tmp_path, monkeypatch, home, capsys
):
    commit = pinned(folder=larger, name=LARGER)
    arguments = [str(small_case_folder), "--model", LARGER, "--json", str(tmp_path / "report.json")]
    assert main(arguments) == 0
    weights = json.loads((tmp_path / "report.json").read_text())["models"][LARGER]["weights"]
    assert weights == {
        "source": f"hub {REPOSITORY}",
        "revision": commit,
        "sha256": checksum(larger),
        "precision": "float",
        "int8_sha256": None,
        "runtime": "OpenVINO",
    }
    point_client(monkeypatch, "http://127.0.0.1:9", home / "empty")
    assert main(arguments) == 0
    weights = json.loads((tmp_path / "report.json").read_text())["models"][LARGER]["weights"]
    assert weights["source"] == "embedded"
    assert "it cannot be reached" in weights["note"]
    assert f"{LARGER}: {weights['note']}" in capsys.readouterr().out


def test_a_configuration_that_pins_nothing_is_bad_input(
    small_case_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv(environment_variable(SMALLEST), f"{REPOSITORY}@main")
    assert main([str(small_case_folder), "--model", SMALLEST]) == 2
    assert capsys.readouterr().err.startswith(
        "GLIOLENS_HUB_EDGE_UNET: 'main' moves with every upload"
    )


def test_the_client_of_the_hub_is_imported_only_when_a_model_is_configured():
    parts = "workspace.models.loaded_models, workspace.models.model_facts, model_zoo.weights.hub"
    found = "sorted({'torch', 'huggingface_hub'} & set(sys.modules))"
    code = f"import sys, {parts}; print({found})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n", done.stderr
