"""The server's models where their weights are replaced while it runs."""

import json
import shutil

import numpy as np
import pytest

from model_zoo.errors import WeightsError
from model_zoo.weights import loading
from model_zoo.weights.folder import CONFIG, INTEGERS
from workspace.models import loaded_models
from workspace.models.loaded_models import loaded_model, loading_outcome, rest_models

IMAGES = np.ones((1, 4, 32, 32), np.float32)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Of the weights that this server takes for the embedded ones; nothing is loaded yet."""
    monkeypatch.setattr(loaded_models, "_held", {})
    embedded, place = loading.EMBEDDED, tmp_path / "weights"
    monkeypatch.setattr(loading, "EMBEDDED", place)
    return shutil.copytree(embedded / "unet", place / "unet")


def used_and_at_rest():
    model, origin = loaded_model("unet")
    model(IMAGES)
    model.rest(for_long=True)
    return model, origin


def test_weights_that_were_replaced_answer_under_their_own_name(folder):
    first, before = used_and_at_rest()
    config = json.loads((folder / CONFIG).read_text())
    del config["int8"]
    (folder / CONFIG).write_text(json.dumps(config | {"revision": "the next"}))
    (folder / INTEGERS).unlink()
    second, after = loaded_model("unet")
    assert second is not first
    assert (before.precision, after.precision, after.revision) == ("int8", "float", "the next")
    assert loading_outcome("unet") == after


def test_replaced_by_damaged_ones_nothing_answers_until_they_are_repaired(folder):
    used_and_at_rest()
    whole = (folder / INTEGERS).read_bytes()
    (folder / INTEGERS).write_bytes(whole[:-1])
    rest_models()  # as the server does when it has nothing to do: no error of its own
    for _ in range(2):
        with pytest.raises(WeightsError, match="is damaged"):
            loaded_model("unet")
    (folder / INTEGERS).write_bytes(whole)
    assert loaded_model("unet")[1].precision == "int8"
