import pytest

from inference.engine import segment
from inference.errors import InputError
from model_zoo.weights import load_model
from training.predictions import CONSENSUS, Predictions


def test_they_are_what_inference_answers_and_a_consensus_of_several(data_folder):
    predictions = Predictions(data_folder, "val", ("unet", "resnet_unet"))
    ((case, found),) = list(predictions)
    assert case.name == "c"
    assert list(found) == ["unet", "resnet_unet", CONSENSUS]
    model, origin = load_model("unet")
    assert (found["unet"].labels == segment(case, model, name="unet").labels).mean() > 0.999
    assert predictions.weights("unet") == origin.sha256
    assert predictions.weights(CONSENSUS) is None


def test_one_model_has_no_consensus(data_folder):
    ((_, found),) = list(Predictions(data_folder, "test", ("unet",)))
    assert list(found) == ["unet"]


def test_a_wrong_split_is_told_at_once(data_folder):
    with pytest.raises(InputError, match="no split"):
        Predictions(data_folder, "dev", ("unet",))
