"""The int8 form of the embedded weights: it answers as they do, or is told apart and left."""

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import sigmoid
from inference.network.preprocess import prepare
from model_zoo import graph_network
from model_zoo.errors import DamagedWeightsError, WeightsError
from model_zoo.graph_network import GraphNetwork
from model_zoo.registry import ALL_MODELS
from model_zoo.segmenter import Segmenter
from model_zoo.weights import loading
from model_zoo.weights.folder import CONFIG, GRAPH, INTEGERS, TENSORS
from model_zoo.weights.loading import load_model, load_network
from model_zoo.weights.provenance import EMBEDDED
from tests.support.sample import write_some_slices

pytestmark = pytest.mark.slow  # the embedded models on slices at full size
NAME = "unet"


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(EMBEDDED / NAME, tmp_path / NAME)


def edit(folder, change):
    config = json.loads((folder / CONFIG).read_text())
    change(config)
    (folder / CONFIG).write_text(json.dumps(config))


@pytest.fixture(scope="module")
def sample_slices(tmp_path_factory):
    with open_cases([write_some_slices(tmp_path_factory.mktemp("sample"), every=4)]) as (files,):
        slices = prepare(read_case(files)).slices
    middle = len(slices) // 2
    return slices[middle - 2 : middle + 2]


@pytest.mark.parametrize("name", ALL_MODELS)
def test_the_embedded_models_are_loaded_in_int8_and_say_so(name):
    model, origin = load_model(name)
    assert isinstance(model, GraphNetwork)
    assert (model.arithmetic, origin.precision) == ("int8", "int8")
    assert origin.report()["precision"] == "int8"
    config = json.loads((EMBEDDED / name / CONFIG).read_text())
    assert origin.report()["int8_sha256"] == config["int8"]["sha256"]
    assert config["int8"]["sha256"][INTEGERS][:12] in origin.ran


def test_asked_for_a_network_it_has_parameters():
    model, origin = load_network(NAME)
    assert next(model.parameters()).dtype == torch.float32
    assert origin.precision == "float"
    assert origin.report()["int8_sha256"] is None
    assert origin.ran == "run as float by PyTorch"


@pytest.mark.parametrize("name", ALL_MODELS)
def test_it_answers_as_the_network_it_was_made_of(name, sample_slices):
    with torch.inference_mode():
        theirs = load_network(name)[0](torch.from_numpy(sample_slices)).numpy()
    ours, theirs = sigmoid(load_model(name)[0](sample_slices)), sigmoid(theirs)
    drawn, expected = ours > 0.5, theirs > 0.5
    assert expected.any()
    dice = 2 * (drawn & expected).sum() / (drawn.sum() + expected.sum())
    assert dice > 0.98
    assert np.abs(ours - theirs).mean() < 0.005


@pytest.mark.parametrize("size", [(1, 1), (33, 47), (240, 155)])
def test_it_takes_slices_of_any_size(size):
    model, _ = load_model(NAME)
    assert model(np.ones((2, 4, *size), np.float32)).shape == (2, 3, *size)


@pytest.mark.parametrize("count", [1, 2, 5])
def test_how_many_cores_share_the_slices_changes_nothing(count, sample_slices, monkeypatch):
    slices, answers = np.concatenate([sample_slices, sample_slices])[:count], []
    for workers in (1, 3):
        monkeypatch.setattr(graph_network, "usable_cores", lambda workers=workers: workers)
        answers.append(load_model(NAME)[0](slices))
    np.testing.assert_array_equal(*answers)


def test_several_may_ask_at_once(sample_slices):
    model, _ = load_model(NAME)
    alone = model(sample_slices)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: model(sample_slices), range(8)))
    for answer in answers:
        np.testing.assert_allclose(answer, alone, atol=1e-3)


def test_as_many_as_there_are_cores_answer_at_the_same_time(sample_slices, monkeypatch):
    monkeypatch.setattr(graph_network, "usable_cores", lambda: 3)
    model, _ = load_model(NAME)
    assert model.cores == 3
    alone, meeting = model(sample_slices), threading.Barrier(3)

    class Together:
        """A request that waits until the others are asked too."""

        def __init__(self, request):
            self._request = request

        def __getattr__(self, name):
            return getattr(self._request, name)

        def wait(self):
            self._request.wait()
            meeting.wait(timeout=60)

    requests = [Together(model._free.get()) for _ in range(3)]
    for request in requests:
        model._free.put(request)
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: model(sample_slices, cores=1), range(3)))
    for answer in answers:
        np.testing.assert_array_equal(answer, alone)


def test_it_rests_once_what_it_is_asked_is_answered(sample_slices, monkeypatch):
    monkeypatch.setattr(graph_network, "usable_cores", lambda: 2)
    model, _ = load_model(NAME)
    before = model(sample_slices)
    asked = model._free.get()
    with ThreadPoolExecutor(1) as pool:
        resting = pool.submit(model.rest, for_long=True)
        with pytest.raises(TimeoutError):
            resting.result(timeout=0.2)
        assert model.is_awake
        model._free.put(asked)
        resting.result(timeout=20)
    assert not model.is_awake
    np.testing.assert_array_equal(model(sample_slices), before)


@pytest.mark.parametrize("file", [GRAPH, INTEGERS])
def test_a_damaged_file_is_refused(folder, file):
    content = bytearray((folder / file).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / file).write_bytes(content)
    with pytest.raises(DamagedWeightsError, match=rf"{file} is damaged"):
        load_model(NAME, folder=folder)


def test_one_made_of_other_weights_is_refused(folder):
    edit(folder, lambda config: config["int8"].update(of="0" * 64))
    with pytest.raises(WeightsError, match="made of other weights than"):
        load_model(NAME, folder=folder)


@pytest.mark.parametrize("file", [GRAPH, INTEGERS])
def test_without_it_the_tensors_are_loaded(folder, file):
    (folder / file).unlink()
    model, origin = load_model(NAME, folder=folder)
    assert model.arithmetic in ("bfloat16", "float32")
    assert (origin.precision, origin.ran) == ("float", "run as float by OpenVINO")


def test_files_that_the_configuration_does_not_tell_of_are_not_read(folder):
    edit(folder, lambda config: config.pop("int8"))
    assert load_model(NAME, folder=folder)[1].precision == "float"


def test_without_openvino_the_tensors_are_loaded(folder, monkeypatch):
    monkeypatch.setattr(loading, "find_spec", lambda name: name != "openvino" or None)
    model, origin = load_model(NAME, folder=folder)
    assert isinstance(model, Segmenter)
    assert (origin.precision, origin.ran) == ("float", "run as float by PyTorch")


def test_on_a_graphics_card_pytorch_runs_the_tensors(folder, monkeypatch):
    monkeypatch.setattr(loading, "has_graphics_card", lambda: True)
    assert isinstance(load_model(NAME, folder=folder)[0], Segmenter)


def test_an_architecture_without_a_graph_is_run_by_pytorch(folder, monkeypatch):
    monkeypatch.setattr(loading, "has_graph", lambda name: False)
    assert isinstance(load_model(NAME, folder=folder)[0], Segmenter)


def test_without_either_it_is_said_what_is_missing(folder, monkeypatch):
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    with pytest.raises(WeightsError, match=r"PyTorch.*is not installed"):
        load_model(NAME, folder=folder)


def test_beside_damaged_tensors_it_is_not_used(folder):
    (folder / TENSORS).write_bytes(b"damaged")
    with pytest.raises(DamagedWeightsError, match=r"model\.safetensors is damaged"):
        load_model(NAME, folder=folder)


@pytest.mark.parametrize("for_long", [False, True])
def test_a_rested_model_answers_the_same(sample_slices, for_long):
    model, _ = load_model(NAME)
    before = model(sample_slices)
    model.rest(for_long=for_long)
    model.rest(for_long=for_long)  # a second time it has nothing to give back
    np.testing.assert_allclose(model(sample_slices), before, atol=1e-3)


def test_a_model_wakes_with_a_question_or_before_it(sample_slices):
    model, _ = load_model(NAME)
    assert model.is_awake
    model.rest(for_long=True)
    assert model.is_awake, "nothing was prepared yet, so there is nothing to give back"
    before = model(sample_slices)
    model.rest(for_long=True)
    assert not model.is_awake
    model.wake()
    assert model.is_awake
    np.testing.assert_allclose(model(sample_slices), before, atol=1e-3)
