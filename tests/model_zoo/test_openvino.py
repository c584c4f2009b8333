"""Nothing leaves the machine: neither by what runs int8 nor by the server's own start."""

import os
import subprocess
import sys
import threading
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor

import openvino
import pytest

from model_zoo import _openvino
from model_zoo._openvino import import_openvino
from tests.conftest import ROOT

# Asked for, since a trial of which form is faster would leave what it found.
LOAD = (
    "from model_zoo.weights.loading import load_model;"
    "print(load_model('unet', precision='int8')[0].arithmetic)"
)
PLAIN = "import openvino; print('int8')"


def run(code, home):
    """In a process of its own, whose home is empty and which is not told that a test runs it."""
    environment = {key: value for key, value in os.environ.items() if key != "CI"}
    # Whatever it would send ends at once, at a proxy that is not there.
    environment |= {"HOME": str(home), "https_proxy": "http://127.0.0.1:9"}
    command = [sys.executable, "-c", code]
    told = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == ["int8"]
    return [file.name for file in home.rglob("*")]


@pytest.mark.slow
def test_loading_a_model_leaves_no_identity_for_its_makers(tmp_path):
    assert run(LOAD, tmp_path) == []


def test_openvino_as_it_comes_would(tmp_path):
    """Else the test above would hold down nothing."""
    if not run(PLAIN, tmp_path):
        pytest.skip("this OpenVINO sends nothing by itself")


def test_numpy_is_met_once_before_several_threads_can(monkeypatch):
    """Two threads that give OpenVINO its first array of a process stop the whole process."""
    monkeypatch.setattr(_openvino, "_met", [])
    met, beginning = [], threading.Barrier(4)
    tensor = openvino.Tensor

    def meet(array):
        met.append(threading.get_ident())
        time.sleep(0.05)
        return tensor(array)

    monkeypatch.setattr(openvino, "Tensor", meet)

    def first():
        beginning.wait(timeout=20)
        import_openvino()
        assert met

    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(first) for _ in range(4)]:
            each.result(timeout=20)
    assert len(met) == 1


def test_the_server_needs_nobody_to_tell_it_its_address():
    options = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert options["browser"] == {"gatherUsageStats": False, "serverAddress": "localhost"}
