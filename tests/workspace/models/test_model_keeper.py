"""What keeps the models on a machine of the cluster: here without the cluster."""

import pickle
import threading

import pytest

from model_zoo.weights import loading
from workspace.models.model_keeper import ModelKeeper, UnwantedError

MODEL = "edge_unet"


@pytest.fixture
def loads(monkeypatch):
    """Which models were loaded, and how."""
    asked, load = [], loading.load_model

    def counted(name, **how):
        asked.append((name, how["precision"]))
        return load(name, **how)

    monkeypatch.setattr(loading, "load_model", counted)
    return asked


def test_a_model_is_loaded_once_however_it_is_asked_for(loads):
    keeper = ModelKeeper()
    precision = keeper.warm((MODEL, "auto", None))
    found = keeper.ask("x", (MODEL, precision, None), lambda *given: given[2], "given")
    assert pickle.loads(found) == "given"
    assert loads == [(MODEL, "auto")]


def test_what_nobody_waits_for_ends_at_its_next_report():
    keeper = ModelKeeper()
    running = threading.Event()

    def endless(_, __, ___, report):
        for share in range(10_000_000):
            report(share)
            running.set()

    def leave():
        running.wait(20)
        assert keeper.state("x")[0] == 1
        keeper.leave("x")

    threading.Thread(target=leave).start()
    with pytest.raises(UnwantedError):
        keeper.ask("x", (MODEL, "auto", None), endless, None)
    assert keeper.state("x") == (0, 0.0)


def test_what_is_not_wanted_before_it_has_begun_does_not_begin(loads):
    keeper = ModelKeeper()
    keeper.leave("x")
    with pytest.raises(UnwantedError):
        keeper.ask("x", (MODEL, "auto", None), None, None)
    assert loads == []
