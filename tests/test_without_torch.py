"""What serves on a processor imports no PyTorch: it takes seconds, and hundreds of megabytes."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

# What PyTorch is used with, or through.
HEAVY = (
    "torch",
    "torchvision",
    "segmentation_models_pytorch",
    "timm",
    "captum",
    "safetensors.torch",
)

REPORT = f"""
import json
print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))
"""
# Whoever asks whether it is installed, or which version, hears that it is not.
ABSENT = f"""
import importlib.metadata, importlib.util, sys
version, find_spec = importlib.metadata.version, importlib.util.find_spec

def version_of(name):
    if name in {HEAVY!r}:
        raise importlib.metadata.PackageNotFoundError(name)
    return version(name)

importlib.metadata.version = version_of
importlib.util.find_spec = lambda name, *more: None if name in {HEAVY!r} else find_spec(name, *more)
"""
COMMAND = """
from inference.__main__ import main
assert main(sys.argv[1:]) == 0
"""
# Every page with a small sample open, and all models done, as visitors come to them.
APP = """
import sys, time
from contextlib import nullcontext
from pathlib import Path
from streamlit.runtime.scriptrunner import script_runner
from streamlit.testing.v1 import AppTest

# As in a server, where a page's own folder is not searched (tests/conftest.py).
script_runner.modified_sys_path = nullcontext

def visit(page):
    app = AppTest.from_file(Path("pages", page), default_timeout=600)
    app.query_params["case"] = "sample"
    app.run()
    assert not app.exception, app.exception
    return app

from workspace import open_case
from workspace.jobs.queue.server_queue import queue
open_case.SAMPLE_FOLDER = Path(sys.argv[1])
app = visit("compare.py")
while any(job.unsettled for job in list(queue._jobs.values())) or len(app.dataframe) == 0:
    time.sleep(0.5)
    app.run()
app.run()  # the last may have been done while the page was drawn
assert {"U-Net", "ResNet34 U-Net", "TransUNet"} <= set(app.dataframe[0].value["Model"])
for page in sorted(Path("pages").glob("*.py")):
    visit(page.name)
failed = [str(job.error) for job in queue._jobs.values() if job.status == "failed"]
assert not failed, failed
"""


def heavy_after(script, *arguments):
    """Which of the heavy modules a script leaves imported, in a process of its own."""
    command = [sys.executable, "-c", ABSENT + script + REPORT, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["int8", "float"])
def test_the_command_line_segments_without_it(small_case_folder, precision):
    assert heavy_after(COMMAND, small_case_folder, "--precision", precision) == []


@pytest.mark.slow
def test_so_do_the_models_without_an_int8_form(small_case_folder):
    every = "for name in ('flair_unet', 'edge_unet', 'vgg16_unet'):"
    command = COMMAND.replace(
        "assert main(sys.argv[1:])", f"{every}\n    assert main([*sys.argv[1:], '--model', name])"
    )
    assert heavy_after(command, small_case_folder) == []


@pytest.mark.slow
def test_a_study_is_prepared_and_segmented_without_it(small_study_folder, tmp_path):
    assert (
        heavy_after(COMMAND, small_study_folder, "--model", "edge_unet", "--output", tmp_path) == []
    )
    assert {file.name for file in tmp_path.iterdir()} == {"edge_unet.nii.gz", "edge_unet_seg.dcm"}


@pytest.mark.slow
def test_the_app_shows_a_case_on_every_page_without_it(small_case_folder):
    assert heavy_after(APP, small_case_folder) == []
