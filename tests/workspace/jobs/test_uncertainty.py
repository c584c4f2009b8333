import threading
import time

import numpy as np
import pytest
import streamlit as st

from common.vocabulary import REGIONS
from inference.io.cases.case_files import open_cases
from viewer.parcel import read_header
from workspace.jobs import explanation
from workspace.jobs.explanation import drawn_masks, explained_slices, explanation_job
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.segmentation import all_settled, finished, segmentation_jobs
from workspace.jobs.uncertainty import (
    agreement_rows,
    certainty_job,
    likely_seconds,
    reading_rows,
    standing_job,
)
from workspace.open_case import open_files

MODELS = ("unet", "resnet_unet", "transunet")
SECONDS = 240
MAPS = ("uncertainty", "disagreement", "mean")


pytestmark = pytest.mark.slow  # six readings of three models


@pytest.fixture(scope="module")
def opened(small_case_folder):
    with pytest.MonkeyPatch.context() as patch, open_cases([small_case_folder]) as (files,):
        patch.setattr(st, "session_state", {})
        yield open_files(files)


@pytest.fixture(scope="module")
def answers(opened):
    deadline = time.monotonic() + SECONDS
    while not all_settled(jobs := segmentation_jobs(opened)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return finished(jobs)


@pytest.fixture(scope="module")
def certainty(opened, answers):
    return certainty_job(opened, answers).future.result(timeout=SECONDS)


def test_six_readings_of_the_real_models(opened, answers, certainty):
    assert list(certainty.readings.values()) == [
        "U-Net",
        "U-Net, mirrored",
        "ResNet34 U-Net",
        "ResNet34 U-Net, mirrored",
        "TransUNet",
        "TransUNet, mirrored",
    ]
    for name in MODELS:
        voxels = certainty.agreement["wt"].voxels[name]
        expected = voxels * opened.case.voxel_volume_ml
        assert answers[name].volume_ml["wt"] == pytest.approx(expected), "the reading it gave"
    assert certainty.agreement["wt"].disputed > 0
    assert certainty.start in explained_slices(opened)


def test_the_maps_are_small_and_lie_on_the_scan(opened, certainty):
    assert tuple(certainty.maps) == MAPS
    for parcel in certainty.maps.values():
        assert read_header(parcel)["shape"] == list(opened.case.shape)
        assert len(parcel) < 100_000


def test_rows_for_the_tables(opened, certainty):
    rows = agreement_rows(opened, certainty)
    assert [row["Region"] for row in rows] == ["Whole tumour", "Tumour core", "Enhancing tumour"]
    assert all(" ml" in row["Least to most"] for row in rows)
    assert len(reading_rows(opened, certainty)) == 6


def test_the_job_is_found_again_and_its_time_is_told_before(opened, answers, certainty):
    assert standing_job(opened).result is certainty
    assert certainty_job(opened, answers).result is certainty
    assert likely_seconds(answers) == pytest.approx(
        sum(
            answers[name].segmentation.seconds[part]
            for name in MODELS
            for part in ("predict", "postprocess")
        )
    )


def test_what_the_real_models_looked_at(opened, answers):
    areas = np.count_nonzero(answers["unet"].segmentation.labels == 3, axis=(0, 1))
    index = int(np.argmax(areas))
    heats = explanation_job(opened, answers, index).future.result(timeout=SECONDS)
    assert set(heats) == {(name, region) for name in MODELS for region in REGIONS}
    size = opened.prepared.slices.shape[2:]
    for (name, region), heat in heats.items():
        mask = drawn_masks(opened, answers[name], index)[region]
        assert mask.shape == size
        if heat is not None:
            assert mask.any()
            assert heat.shape == size
            assert heat.max() == 255
    assert heats["transunet", "wt"] is not None


def test_masks_stand_as_the_models_saw_the_slice(opened, answers):
    """Every voxel that a model may draw is tissue, which the slices are not zero at."""
    index = int(np.argmax(np.count_nonzero(answers["unet"].segmentation.labels, axis=(0, 1))))
    mask = drawn_masks(opened, answers["unet"], index)["wt"]
    tissue = opened.prepared.slices[index - opened.prepared.box[2].start].any(axis=0)
    assert mask.any()
    assert not (mask & ~tissue).any()
    assert (mask[::-1] & ~tissue).any() or (mask[:, ::-1] & ~tissue).any()


def test_another_slice_does_not_wait_for_the_one_before(opened, monkeypatch):
    running = threading.Event()

    def look(opened, masks, index, report):
        while index == 0:
            running.set()
            report(0.5)
        return index

    queue = JobQueue()
    monkeypatch.setattr(explanation, "queue", queue)
    monkeypatch.setattr(explanation, "this_visitor", lambda: "one")
    monkeypatch.setattr(explanation, "drawn_masks", lambda *_: {})
    monkeypatch.setattr(explanation, "_look", look)
    first, *_, last = explained_slices(opened)
    answers = dict.fromkeys(MODELS)
    former = explanation_job(opened, answers, first)
    assert running.wait(SECONDS)
    job = explanation_job(opened, answers, last)
    assert job.future.result(timeout=10) == last - first
    assert former.status == "cancelled"
    queue.stop()
