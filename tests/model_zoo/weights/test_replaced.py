"""Weights that are replaced while they are in use: what was checked is what answers, or nothing."""

import shutil
import subprocess
import sys

import numpy as np
import pytest

from model_zoo.errors import DamagedWeightsError, WeightsError
from model_zoo.weights.folder import INT8, INTEGERS, TENSORS
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import EMBEDDED
from tests.conftest import ROOT

FILES = {"float": TENSORS, INT8: INTEGERS}
IMAGES = np.random.default_rng(0).random((2, 4, 32, 32), np.float32)


def _overwrite(file):
    content = bytes(byte ^ 1 for byte in file.read_bytes())
    with file.open("r+b") as stream:
        stream.write(content)


def _replace(file):
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[:-4] + b"abcd")


def _cut_off(file):
    with file.open("r+b") as stream:
        stream.truncate(1000)


CHANGES = {
    "overwritten": _overwrite,
    "replaced": _replace,
    "cut off": _cut_off,
    "removed": lambda file: file.unlink(),
}


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """Of a small network, in both forms."""
    return shutil.copytree(EMBEDDED / "unet", tmp_path_factory.mktemp("weights") / "unet")


@pytest.mark.slow
@pytest.mark.parametrize("precision", FILES)
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_loaded_model_answers_as_before_or_refuses_to_wake(change, precision, tmp_path, weights):
    folder = shutil.copytree(weights, tmp_path / "unet")
    network, _ = load_model("unet", folder=folder, precision=precision)
    right = network(IMAGES)
    change(folder / FILES[precision])
    np.testing.assert_array_equal(network(IMAGES), right)
    # Of another size: what OpenVINO prepares only now comes from memory too.
    assert network(np.zeros((1, 4, 48, 32), np.float32)).shape == (1, 3, 48, 32)
    network.rest(for_long=True)
    with pytest.raises(WeightsError, match=FILES[precision].replace(".", r"\.")):
        network(IMAGES)


def test_put_back_it_wakes(tmp_path, weights):
    folder = shutil.copytree(weights, tmp_path / "unet")
    network, _ = load_model("unet", folder=folder)
    right = network(IMAGES)
    _overwrite(folder / INTEGERS)
    network.rest(for_long=True)
    with pytest.raises(DamagedWeightsError, match="is damaged"):
        network.wake()
    assert not network.is_awake
    _overwrite(folder / INTEGERS)
    np.testing.assert_array_equal(network(IMAGES), right)


CUT_OFF_MEANWHILE = """
import sys
from pathlib import Path
import numpy as np
from model_zoo.weights.loading import load_model
folder = Path(sys.argv[1])
network, _ = load_model("unet", folder=folder, precision="int8")
with (folder / "openvino_model.bin").open("r+b") as file:
    file.truncate(1000)
print(float(network(np.ones((1, 4, 32, 32), np.float32)).sum()))
"""


@pytest.mark.slow
def test_a_file_that_is_cut_off_does_not_end_the_process(tmp_path, weights):
    """It did while OpenVINO read the file through the map of its pages: SIGBUS, without a word."""
    folder = shutil.copytree(weights, tmp_path / "unet")
    command = [sys.executable, "-c", CUT_OFF_MEANWHILE, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert np.isfinite(float(done.stdout))
