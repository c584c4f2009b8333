"""A Hub that sends its client elsewhere or answers nonsense: weights are those pinned, or others.

What is down, slow, cut off or damaged stands in ``tests/model_zoo/weights/test_hub.py``.
"""

from collections.abc import Iterator

import pytest

from model_zoo.weights import hub as hub_module
from model_zoo.weights.hub_pin import environment_variable
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import EMBEDDED
from tests.support.hub_client import point_client
from tests.support.hub_server import run_hub
from tests.support.hub_state import TOKEN, Hub

REPOSITORY = "lab/gliolens-edge"
NAME = "edge_unet"
LOGIN = (200, "text/html", b"<html><body>Please sign in to this network.</body></html>")


@pytest.fixture
def hub(monkeypatch, tmp_path) -> Iterator[Hub]:
    """A Hub with the embedded weights of the smallest model, which is configured to use it."""
    with run_hub() as hub:
        point_client(monkeypatch, hub.address, tmp_path / "home")
        monkeypatch.setattr(hub_module, "_silent_until", 0.0)
        commit = hub.add(REPOSITORY, EMBEDDED / NAME)
        monkeypatch.setenv(environment_variable(NAME), f"{REPOSITORY}@{commit}")
        yield hub


@pytest.fixture
def elsewhere(hub) -> Iterator[Hub]:
    """Another machine, to which the Hub sends whoever wants the tensors."""
    with run_hub() as other:
        other.address = other.address.replace("127.0.0.1", "localhost")
        other.add(REPOSITORY, EMBEDDED / NAME)
        hub.faults.redirect = other.address
        yield other


def test_sent_elsewhere_it_fetches_the_same_weights_and_shows_nobody_its_token(hub, elsewhere):
    _, origin = load_model(NAME)
    assert (origin.source, origin.note) == ("hub", None)
    assert len(elsewhere.downloads()) == 1
    assert hub.tokens == {f"Bearer {TOKEN}"}
    assert elsewhere.tokens == {None}


def test_sent_to_other_bytes_they_are_not_used(elsewhere):
    elsewhere.faults.damaged = True
    _, origin = load_model(NAME)
    assert origin.source == "embedded"
    assert "model.safetensors is damaged" in origin.note


def test_sent_to_a_page_to_sign_in_it_is_not_used(elsewhere):
    elsewhere.faults.nonsense = LOGIN
    _, origin = load_model(NAME)
    assert origin.source == "embedded"
    assert "instead of Hugging Face Hub" in origin.note


def test_sent_round_in_circles_it_gives_up(hub):
    hub.faults.redirect = hub.address
    _, origin = load_model(NAME)
    assert origin.source == "embedded"
    assert "instead of Hugging Face Hub" in origin.note
    assert len(hub.requests) < 100


@pytest.mark.parametrize(
    "answer",
    [
        LOGIN,
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"siblings": 5}'),
        (200, "application/json", b"\xff\xfe\x00"),
        (500, "text/plain", b"Internal Server Error"),
    ],
    ids=["a page to sign in", "a list", "numbers", "noise", "an error of its own"],
)
def test_nonsense_is_no_answer(hub, answer):
    hub.faults.nonsense = answer
    _, origin = load_model(NAME)
    assert origin.source == "embedded"
    assert "instead of Hugging Face Hub" in origin.note
    assert "Traceback" not in origin.note
