"""The same scan has the same answer, however many cores share the work and whatever else runs.

The short forms run with every test, on a small scan; ``make soak`` runs the command with all three
models on the sample at full size and on a study of DICOM, in processes of their own.
"""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import streamlit as st

from inference.__main__ import main
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.engine import predict
from inference.network.preprocess import prepare
from model_zoo import graph_network
from model_zoo.weights.folder import FLOAT, INT8
from model_zoo.weights.loading import load_model
from tests.conftest import ROOT
from workspace.jobs.quick_look import segmentation_by
from workspace.models import loaded_models
from workspace.models.loaded_models import loaded_model, rest_models
from workspace.open_case import open_files

in_soak = pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak")
SAMPLE = ROOT / "assets" / "sample" / "synthetic_glioma"
CORES = (1, 2, 4)
# What each library that calculates asks for how many threads it may have.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS")


@pytest.fixture(scope="module")
def slices(small_case_folder):
    """Through the tumour, some more than are shown to a network at once."""
    with open_cases([small_case_folder]) as (files,):
        return prepare(read_case(files)).slices[8:19]


def assert_same(answers):
    first, *others = answers
    assert (first > 0.5).any()
    for other in others:
        np.testing.assert_array_equal(first, other)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "precision"), [("unet", INT8), ("edge_unet", FLOAT)])
def test_any_number_of_cores_a_rest_and_a_second_loading_answer_alike(
    slices, name, precision, monkeypatch
):
    answers = []
    for cores in CORES:
        monkeypatch.setattr(graph_network, "usable_cores", lambda cores=cores: cores)
        model, _ = load_model(name, precision=precision)
        answers.append(predict(model, slices))
    model.rest(for_long=True)  # compiled anew with the next question
    answers.append(predict(model, slices))
    model.rest()
    answers.append(predict(model, slices))
    assert_same(answers)


@pytest.mark.slow
def test_two_who_ask_at_once_are_answered_as_alone(slices):
    model, _ = load_model("unet", precision=INT8)
    alone = predict(model, slices)
    with ThreadPoolExecutor(2) as pool:
        assert_same([alone, *pool.map(lambda _: predict(model, slices), range(4))])


@pytest.mark.slow
def test_the_app_answers_as_the_command(small_case_folder, tmp_path, monkeypatch):
    """Also once its models were put to rest and woken, as after every scan."""
    assert main([str(small_case_folder), "--model", "unet", "--output", str(tmp_path)]) == 0
    written = np.asarray(nib.load(tmp_path / "unet.nii.gz").dataobj)
    monkeypatch.setattr(st, "session_state", {})
    with open_cases([small_case_folder]) as (files,):
        opened = open_files(files)
    shown = [segmentation_by("unet", opened, lambda share: None).labels for _ in range(2)]
    rest_models()
    shown.append(segmentation_by("unet", opened, lambda share: None).labels)
    monkeypatch.setattr(loaded_models, "_held", {})  # as after a restart
    assert loaded_model("unet")[1].precision == INT8
    shown.append(segmentation_by("unet", opened, lambda share: None).labels)
    for labels in shown:
        np.testing.assert_array_equal(opened.case.grid.to_native(labels), written)


def test_written_twice_the_bytes_are_the_same(small_case_folder, tmp_path):
    for folder in ("one", "other"):
        arguments = [small_case_folder, "--model", "unet", "--output", tmp_path / folder]
        assert main([str(each) for each in arguments]) == 0
    one, other = (bytes_in(tmp_path / folder) for folder in ("one", "other"))
    assert one
    assert one == other


def bytes_in(folder: Path) -> dict[str, bytes]:
    """The label maps and regions of a run; what holds times and dates is left out."""
    return {file.name: file.read_bytes() for file in sorted(folder.rglob("*.nii.gz"))}


def command(given: Path, output: Path, cores: int) -> "subprocess.Popen[bytes]":
    arguments = [str(given), "--model", "all", "--formats", "nifti", "--output", str(output)]
    environment = os.environ | {name: str(cores) for name in THREADS}
    return subprocess.Popen(
        [sys.executable, "-m", "inference", *arguments],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


@in_soak
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["a case", "a study"])
def test_the_command_writes_the_same_bytes_on_any_cores_alone_and_beside_others(
    kind, small_study_folder, tmp_path
):
    """All three models and their consensus: one run on each number of cores, then three at once."""
    given = SAMPLE if kind == "a case" else small_study_folder
    for cores in CORES:
        assert command(given, tmp_path / f"alone {cores}", cores).wait() == 0
    together = [command(given, tmp_path / f"beside {cores}", cores) for cores in CORES]
    assert [process.wait() for process in together] == [0, 0, 0]
    first, *others = [bytes_in(folder) for folder in sorted(tmp_path.iterdir())]
    assert len(first) == 4
    for other in others:
        assert other == first
