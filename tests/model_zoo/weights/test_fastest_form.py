"""Which form of a model is run on which processor; no clock decides a test."""

import json
from functools import partial

import numpy as np
import pytest

from common.processor import usable_cores
from model_zoo import graph_network
from model_zoo.errors import UnsupportedFormError
from model_zoo.weights import fastest_form, loading
from model_zoo.weights.fastest_form import known_form, tried_form
from model_zoo.weights.loading import load_model


class Network:
    """Takes as long as it says, by a clock of its own."""

    modalities, neighbours = ("t1", "t1c", "t2", "flair"), (0,)

    def __init__(self, clock, seconds):
        self.clock, self.seconds, self.asked = clock, seconds, 0

    def __call__(self, slices):
        assert slices.shape == (usable_cores(), 4, 192, 160)
        assert slices.dtype == np.float32
        self.asked += 1
        self.clock.now += self.seconds


class Clock:
    now = 0.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(fastest_form, "time", clock)
    return clock


@pytest.fixture(autouse=True)
def features(monkeypatch, tmp_path):
    """What the processor is said to have; nothing is remembered from elsewhere."""
    found = ["AVX2"]
    monkeypatch.setattr(fastest_form, "processor_features", lambda: tuple(found))
    monkeypatch.setattr(fastest_form, "_found", {})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return found


def tried(clock, int8, floats):
    networks = {"int8": Network(clock, int8), "float": Network(clock, floats)}
    return tried_form({form: partial(lambda n: n, each) for form, each in networks.items()})


@pytest.mark.parametrize("feature", ["VNNI", "AMX"])
def test_fast_integers_need_no_trial(features, feature):
    features.append(feature)
    assert known_form() == "int8"


@pytest.mark.parametrize(("int8", "floats", "form"), [(0.1, 0.2, "int8"), (0.3, 0.2, "float")])
def test_elsewhere_it_is_tried_and_remembered(clock, tmp_path, int8, floats, form, monkeypatch):
    assert known_form() is None
    assert tried(clock, int8, floats) == form
    assert clock.now < 1.5, "half a second, and what prepares for it"
    assert known_form() == form
    monkeypatch.setattr(fastest_form, "_found", {})  # as in the next process
    assert known_form() == form
    assert len(json.loads((tmp_path / "cache/gliolens/fastest_form.json").read_text())) == 1


class Unable(Network):
    """As an int8 graph where oneDNN may use no more than AVX2."""

    def __call__(self, slices):
        raise RuntimeError("[CPU] Convolution node object is not initialized")


def test_what_cannot_be_run_is_not_chosen(clock):
    load = {"int8": lambda: Unable(clock, 0.1), "float": lambda: Network(clock, 0.3)}
    assert tried_form(load) == "float"


def test_a_memory_that_is_used_up_says_nothing_of_the_processor(clock, monkeypatch):
    def full(self, slices):
        raise RuntimeError("can't alloc")

    monkeypatch.setattr(Unable, "__call__", full)
    with pytest.raises(RuntimeError):
        tried_form({"int8": lambda: Unable(clock, 0.1), "float": lambda: Network(clock, 0.3)})
    assert known_form() is None


def test_another_processor_is_tried_anew(clock, features):
    tried(clock, 0.3, 0.2)
    features.append("AVX-512")
    assert known_form() is None


def test_what_cannot_be_written_is_remembered_by_the_process(clock, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert tried(clock, 0.3, 0.2) == "float"
    assert known_form() == "float"


@pytest.mark.parametrize("content", ["", "[]", "no JSON", '{"other": "int8"}'])
def test_a_damaged_memory_is_no_error(tmp_path, content):
    file = tmp_path / "cache/gliolens/fastest_form.json"
    file.parent.mkdir(parents=True)
    file.write_text(content)
    assert known_form() is None


@pytest.mark.parametrize("form", ["int8", "float"])
def test_what_is_faster_is_loaded_unless_something_else_is_asked_for(monkeypatch, form):
    monkeypatch.setattr(loading, "known_form", lambda: form)
    assert load_model("unet")[1].precision == form
    for precision in ("int8", "float"):
        assert load_model("unet", precision=precision)[1].precision == precision


@pytest.mark.parametrize("form", ["int8", "float"])
def test_where_nothing_is_known_both_are_loaded_and_tried(monkeypatch, form):
    loaded = []

    def answer(load):
        loaded.extend(make().arithmetic for make in load.values())
        return form

    monkeypatch.setattr(loading, "known_form", lambda: None)
    monkeypatch.setattr(loading, "tried_form", answer)
    assert load_model("unet")[1].precision == form
    assert loaded[0] == "int8"
    assert loaded[1] in ("bfloat16", "float32")


@pytest.fixture
def no_way_for_int8(monkeypatch):
    """A processor on which OpenVINO cannot compile int8 graphs."""
    compiled = graph_network._compiled

    def refuse(graph, workers, arithmetic):
        if arithmetic == "int8":
            raise RuntimeError("Supported primitive descriptors list is empty\nfor node: Softmax")
        return compiled(graph, workers, arithmetic)

    monkeypatch.setattr(graph_network, "_compiled", refuse)


@pytest.mark.parametrize("known", ["int8", None])
def test_what_cannot_be_run_in_int8_is_run_in_floats(monkeypatch, no_way_for_int8, known):
    """Also where another model, which can be, has told that int8 is faster."""
    monkeypatch.setattr(loading, "known_form", lambda: known)
    monkeypatch.setattr(loading, "tried_form", None)
    model, origin = load_model("unet")
    assert (origin.precision, model.arithmetic != "int8") == ("float", True)


def test_whoever_asks_for_int8_reads_that_it_cannot_be_run(no_way_for_int8):
    with pytest.raises(UnsupportedFormError, match="cannot run unet in int8 on this processor"):
        load_model("unet", precision="int8")


def test_a_model_without_an_int8_form_needs_no_trial(monkeypatch):
    monkeypatch.setattr(loading, "known_form", lambda: None)
    monkeypatch.setattr(loading, "tried_form", None)
    assert load_model("edge_unet")[1].precision == "float"
