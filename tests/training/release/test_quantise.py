"""Writing the int8 form of a model, with the real NNCF on synthetic patients."""

import json
import shutil

import numpy as np
import pytest

from inference.network.engine import sigmoid
from inference.network.slice_adapter import slice_adapter_of
from model_zoo.errors import WeightsError
from model_zoo.factory import create_model
from model_zoo.graph_network import GraphNetwork
from model_zoo.weights.folder import CONFIG, GRAPH, INTEGERS
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import EMBEDDED
from model_zoo.weights.quantised import check_quantised
from model_zoo.weights.tensors import save_weights
from training.__main__ import main
from training.data.patients import read_split
from training.release.quantise import SLICES_A_PATIENT, calibration_slices, quantise

NAME = "edge_unet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, data_folder):
    """The smallest model with an int8 form made here."""
    folder = shutil.copytree(EMBEDDED / NAME, tmp_path_factory.mktemp("weights") / NAME)
    quantise(NAME, folder, data_folder)
    return folder


def test_what_is_written_is_loaded_and_answers_alike(folder, data_folder):
    model, origin = load_model(NAME, folder=folder)
    assert isinstance(model, GraphNetwork)
    assert origin.precision == "int8"
    plain, _ = load_model(NAME, folder=folder, precision="float")
    slices = list(calibration_slices(read_split(data_folder, "test"), plain))[SLICES_A_PATIENT // 2]
    ours, theirs = (sigmoid(each(slices)) for each in (model, plain))
    assert theirs.max() > 0.5
    assert np.abs(ours - theirs).mean() < 0.02


def test_the_configuration_tells_of_it(folder):
    config = json.loads((folder / CONFIG).read_text())
    assert config["int8"]["of"] == config["sha256"]
    assert config["int8"]["calibrated_on"] == "12 slices of training patients"
    check_quantised(folder, config)


def test_it_reads_the_same_as_the_model(folder):
    kinds = [load_model(NAME, folder=folder, precision=kind)[0] for kind in ("int8", "float")]
    assert slice_adapter_of(kinds[0]) == slice_adapter_of(kinds[1])
    assert kinds[0].divisor == kinds[1].divisor


def test_calibration_sees_a_few_slices_of_every_training_patient(data_folder):
    model = create_model(NAME)
    slices = list(calibration_slices(read_split(data_folder, "train"), model))
    assert len(slices) == 2 * SLICES_A_PATIENT
    for each in slices:
        assert each.dtype == np.float32
        assert each.any()
        assert each.shape[:2] == (1, 4)
        assert not any(side % model.divisor for side in each.shape[2:])


def test_calibration_sees_every_plane_that_the_model_learned_from(data_folder):
    model = create_model(NAME)
    model.planes = ("axial", "coronal", "sagittal")
    slices = list(calibration_slices(read_split(data_folder, "train"), model))
    assert len(slices) == 2 * SLICES_A_PATIENT
    # The synthetic head is not as high as it is long.
    assert len({each.shape for each in slices[:SLICES_A_PATIENT]}) > 1


def test_new_weights_take_the_old_int8_form_away(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / NAME)
    save_weights(create_model(NAME), copy, name=NAME, revision="new")
    assert not (copy / GRAPH).exists()
    assert not (copy / INTEGERS).exists()
    assert load_model(NAME, folder=copy)[1].precision == "float"


def test_without_weights_nothing_is_written(tmp_path, data_folder):
    with pytest.raises(WeightsError, match="are missing"):
        quantise(NAME, tmp_path, data_folder)
    assert not list(tmp_path.iterdir())


def test_without_data_it_is_bad_input(tmp_path, capsys):
    assert main(["quantise", "--model", NAME, "--data", str(tmp_path)]) == 2
    assert "cases.csv is missing" in capsys.readouterr().err
