import pytest

from inference.engine import segment
from inference.errors import InputError
from model_zoo.factory import create_model
from model_zoo.provenance import Provenance
from model_zoo.weights import load_model
from training.scoring import predictions
from training.scoring.asking import Asking
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
    for asking, planes in (
        (Asking(), ("axial", "coronal", "sagittal")),
        (Asking(planes=("axial",)), ("axial",)),
        (Asking(planes=("sagittal",)), ("axial", "sagittal")),
    ):
        [model] = Predictions(data_folder, "test", ("edge_unet",), asking).models
        assert model.planes == planes
