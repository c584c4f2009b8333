import pytest

from common.errors import InputError
from inference.network.engine import segment
from model_zoo.factory import create_model
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import Provenance
from training.scoring import predictions
from training.scoring.evaluation_options import EvaluationOptions
from training.scoring.predictions import CONSENSUS, Predictions


def test_they_are_what_inference_answers_and_a_consensus_of_several(data_folder):
    answered = Predictions(data_folder, "val", ("unet", "resnet_unet"))
    ((case, found),) = list(answered)
    assert case.name == "c"
    assert list(found) == ["unet", "resnet_unet", CONSENSUS]
    model, origin = load_model("unet")
    assert (found["unet"].labels == segment(case, model, name="unet").labels).mean() > 0.999
    assert answered.weights("unet") == origin.sha256
    assert answered.weights(CONSENSUS) is None


def test_one_model_has_no_consensus(data_folder):
    ((_, found),) = list(Predictions(data_folder, "test", ("unet",)))
    assert list(found) == ["unet"]


def test_a_wrong_split_is_told_at_once(data_folder):
    with pytest.raises(InputError, match="no split"):
        Predictions(data_folder, "dev", ("unet",))


def test_models_are_asked_in_the_planes_they_know_of_those_that_are_wanted(
    data_folder, monkeypatch
):
    def load(name, *, precision):
        model = create_model("edge_unet")
        model.planes = ("axial", "coronal", "sagittal")
        return model, Provenance("embedded", "r1", "0" * 64)

    monkeypatch.setattr(predictions, "load_model", load)
    for evaluation_options, planes in (
        (EvaluationOptions(), ("axial", "coronal", "sagittal")),
        (EvaluationOptions(planes=("axial",)), ("axial",)),
        (EvaluationOptions(planes=("sagittal",)), ("axial", "sagittal")),
    ):
        [model] = Predictions(data_folder, "test", ("edge_unet",), evaluation_options).models
        assert model.planes == planes
