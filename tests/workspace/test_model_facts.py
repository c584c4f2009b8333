import pytest

from model_zoo.registry import ALL_MODELS
from workspace.model_facts import model_facts


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
