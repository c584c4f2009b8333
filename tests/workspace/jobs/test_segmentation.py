import time
from dataclasses import replace
from unittest.mock import Mock

import numpy as np
import pytest
import streamlit as st

from inference.io.cases.case_files import open_cases
from inference.metrics import region_dice
from model_zoo.weights import loading
from tests.workspace.jobs.held_models import held_models, until
from workspace.display.score_rows import number_rows, time_rows
from workspace.jobs import segmentation
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.segmentation import all_settled, finished, panels, segmentation_jobs
from workspace.models import loaded_models
from workspace.models.networks import Networks
from workspace.open_case import open_files

MODELS = ("unet", "resnet_unet", "transunet")


@pytest.fixture(scope="module")
def opened(small_case_folder):
    patch = pytest.MonkeyPatch()
    patch.setattr(st, "session_state", {})
    with open_cases([small_case_folder]) as (files,):
        yield open_files(files)
    patch.undo()


@pytest.fixture
def own_queue(monkeypatch):
    queue = JobQueue()
    monkeypatch.setattr(segmentation, "queue", queue)
    yield
    queue.stop()


def settle(opened):
    deadline = time.monotonic() + 120
    while not all_settled(jobs := segmentation_jobs(opened)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return jobs


@pytest.fixture(scope="module")
def settled(opened):
    return settle(opened)


def test_all_models_and_their_consensus_answer(opened, settled):
    found = finished(settled)
    assert tuple(found) == (*MODELS, "consensus")
    said = {name: answer.segmentation for name, answer in found.items()}
    assert all(each.labels.shape == opened.case.shape for each in said.values())
    mean = np.mean([said[name].probabilities.astype(np.float32) for name in MODELS], axis=0)
    np.testing.assert_allclose(said["consensus"].probabilities, mean, atol=2e-3)


def test_asked_again_nothing_is_computed_again(opened, settled):
    again = segmentation_jobs(opened)
    assert all(again[name] is settled[name] for name in settled)


def test_panels_stand_in_the_order_asked_for(opened, settled):
    made = panels(opened, settled, ["truth", "transunet", "unet"])
    assert [panel.name for panel in made] == ["Truth", "TransUNet", "U-Net"]
    truth, first, _ = made
    assert truth.reference
    assert truth.dice is None
    assert first.dice == region_dice(first.labels, opened.case.truth)
    assert first.seconds > 0


def test_without_truth_there_is_neither_its_panel_nor_a_dice(opened, settled, monkeypatch):
    """Without one the models predict what they do with one, which is not computed again here."""
    monkeypatch.setattr(
        segmentation, "segmentation_by", lambda name, *_: settled[name].result.segmentation
    )
    case = replace(opened.case, truth=None)
    without = replace(opened, case=case, truth_volume_ml=None, key="without truth")
    jobs = settle(without)
    (panel,) = panels(without, jobs, ["truth", "unet"])
    assert panel.key == "unet"
    assert panel.dice is None
    rows = number_rows(without, finished(jobs))
    assert not any(key.endswith("Dice") for row in rows for key in row)


def test_numbers_are_those_of_the_segmentation(opened, settled):
    rows = {row["Model"]: row for row in number_rows(opened, finished(settled))}
    result = settled["unet"].result.segmentation
    assert rows["U-Net"]["WT ml"] == result.volume_ml(opened.case)["wt"]
    assert rows["U-Net"]["ET Dice"] == result.dice(opened.case)["et"]
    assert rows["Truth"]["ET ml"] == opened.truth_volume_ml["et"]
    times = {row["Model"]: row for row in time_rows(finished(settled))}["U-Net"]
    parts = ("Read s", "Preprocess s", "Predict s", "Postprocess s")
    assert times["Total s"] == pytest.approx(sum(times[part] for part in parts))
    assert rows["U-Net"]["Total s"] == times["Total s"]
    assert "WT Dice" not in rows["Truth"]


def test_missing_weights_are_said_and_nothing_is_invented(opened, own_queue, monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "EMBEDDED", tmp_path)
    monkeypatch.setattr(loaded_models, "_held", {})
    jobs = settle(opened)
    assert {job.status for job in jobs.values()} == {"failed"}
    assert "consensus" not in jobs
    for panel in panels(opened, jobs, MODELS):
        assert panel.status == "failed"
        assert "are missing" in panel.message
        assert panel.labels is None
        assert panel.dice is None


def test_after_a_failure_one_can_try_again(opened, own_queue, monkeypatch, tmp_path):
    monkeypatch.setattr(segmentation, "ALL_MODELS", ("edge_unet",))
    with monkeypatch.context() as patch:
        patch.setattr(loading, "EMBEDDED", tmp_path)
        patch.setattr(loaded_models, "_held", {})
        settle(opened)
    segmentation_jobs(opened, again=True)
    jobs = settle(opened)
    assert {job.status for job in jobs.values()} == {"done"}


def test_a_consensus_goes_ahead_of_the_models_of_another_case(opened, monkeypatch):
    other = replace(opened, key="another case")
    with held_models(monkeypatch) as held:
        segmentation_jobs(opened)
        segmentation_jobs(other)
        held.let_go(opened, len(MODELS))
        until(lambda: (other.key, "unet") in held.runs)
        consensus = segmentation_jobs(opened)["consensus"]
        held.go(1)
        assert consensus.future.result(timeout=20).volume_ml
        assert segmentation_jobs(other)["transunet"].status == "waiting"


def test_the_sample_is_read_before_anyone_asks(monkeypatch):
    """Two of the four seconds that the first visitor of a server waited for a first outline."""
    read = []
    monkeypatch.setattr(segmentation, "networks", lambda: Mock(spec=Networks))
    monkeypatch.setattr(segmentation, "read_sample", lambda: read.append("sample"))
    with held_models(monkeypatch):
        segmentation.warm_up()
        until(lambda: read == ["sample"])


def test_four_cases_are_remembered_beside_the_models_loaded_at_the_start(opened, monkeypatch):
    monkeypatch.setattr(segmentation, "networks", lambda: Mock(spec=Networks))
    cases = [replace(opened, key=f"case {number}") for number in range(4)]
    with held_models(monkeypatch) as held:
        held.go(len(cases) * len(MODELS))
        for case in cases:
            segmentation.warm_up()  # as every run of the app does
            until(lambda case=case: len(finished(segmentation_jobs(case))) == len(MODELS) + 1)
        kept = [segmentation.queue.find((case.key, name)) for case in cases for name in MODELS]
        assert None not in kept
