import re
import time
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from PIL import Image

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import to_slices
from report.rounding import three_figures
from tests.pages.conftest import case_in, wait_for_jobs
from tests.report.conftest import WEIGHTS, segmentation_of
from tests.workspace.desk.drops import picture
from workspace import open_case
from workspace.jobs.queue.job_queue import JobQueue
from workspace.picture import slice_job, verdicts
from workspace.picture.sample_slice import largest_true_slice, write_slice
from workspace.picture.slice_scores import areas

SECONDS = 60


@pytest.fixture(autouse=True)
def own_queue(monkeypatch):
    """What a stand-in drew is no model's: no other test may find it."""
    queue = JobQueue()
    monkeypatch.setattr(slice_job, "queue", queue)
    yield queue
    queue.stop()


@pytest.fixture
def drawing(monkeypatch):
    """Stand in for the models: each draws the truth a pixel aside, or a block without one."""

    def read(opened, name, report):
        shape, box = opened.case.shape, opened.prepared.box
        drawn = np.zeros(shape, np.uint8)
        if opened.case.truth is None:
            drawn[tuple(slice(n // 3, n // 2 + 1) for n in shape)] = 2
        else:
            drawn = np.roll(opened.case.truth, 1, axis=0)
        report(1.0)
        found = segmentation_of(name, drawn, box, shape)
        return replace(found, regions=("wt",)) if name == "flair_unet" else found

    monkeypatch.setattr(slice_job, "_read", read)


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    """A threshold for the U-Net with all modalities, and for no other."""
    worth = {"slices": 600, "with_tumour": 250, "specificity": 0.96, "auroc": 0.98}
    row = {
        "modalities": ["t1", "t1c", "t2", "flair"],
        "threshold_percent": 0.6,
        "chosen": worth | {"patients": 4, "sensitivity": 0.93},
        "checked": worth | {"patients": 6, "sensitivity": 0.9},
    }
    unet = {"weights": WEIGHTS["unet"].sha256, "data": "lgg", "readings": [row]}
    results = {"models": {"unet": unet}}
    monkeypatch.setattr(verdicts, "read_results", lambda name, folder: results)


@pytest.fixture
def volume(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return read_case(files)


@pytest.fixture
def stack(volume, tmp_path):
    """FLAIR of the small case as numbered pictures, the first of them black; each with its mask."""
    volume.volume[..., 0] = 0
    for index in range(volume.shape[2]):
        only = slice(index, index + 1)
        greys = to_slices(volume.volume[3:, ..., only])[0, 0]
        greys = np.where(greys != 0, np.clip(greys / max(greys.max(), 1) * 255, 1, 255), 0)
        mask = 255 * (to_slices(volume.truth[None, ..., only])[0, 0] > 0)
        for array, ending in ((greys, ""), (mask, "_mask")):
            file = tmp_path / f"FLAIR_{index + 1:03}{ending}.png"
            Image.fromarray(np.asarray(array, np.uint8)).save(file)
    return opened_from(tmp_path, truth_convention="whole")


def opened_from(folder, **how):
    with pytest.MonkeyPatch.context() as patch, open_cases([folder]) as (files,):
        patch.setattr(st, "session_state", {})
        return open_case.open_files(replace(files, **how))


def said(app):
    parts = [*app.subheader, *app.markdown, *app.caption, *app.info, *app.error, *app.warning]
    return " ".join(element.value for element in parts).replace("\u00a0", " ")


def press(app, label):
    [button] = [each for each in app.button if each.label == label]
    button.click().run()
    assert not app.exception
    return app


def until(app, told):
    """Draw a page again, as its fragment does in a browser, until it tells something."""
    deadline = time.monotonic() + SECONDS
    while told not in said(app):
        assert time.monotonic() < deadline, f"it was not told: {said(app)}"
        wait_for_jobs(slice_job.queue)
        app.run()
        assert not app.exception
    return app


def flair_picture(volume, tmp_path):
    write_slice(volume, largest_true_slice(volume), tmp_path)
    return (tmp_path / "synthetic_slice_flair.png").read_bytes()


def drop(app, *files):
    app.file_uploader[0].set_value([(*file, "image/png") for file in files]).run()
    assert not app.exception
    return app


def test_with_nothing_open_it_offers_a_slice_and_an_upload(page):
    app = page("image")
    assert not app.exception
    assert [button.label for button in app.button] == ["Try the sample slice"]
    assert "not a patient" in said(app)
    assert len(app.file_uploader) == 1


def test_a_scan_in_volumes_is_left_to_the_compare_page(page, opened):
    app = page("image", open_case=opened)
    assert not app.exception
    assert "a scan in volumes" in said(app)
    assert "To the comparison" in [button.label for button in app.button]
    assert not app.get("image")


def test_the_sample_slice_is_read_by_the_real_model(page):
    app = until(press(page("image"), "Try the sample slice"), "Against the truth")
    assert "Synthetic sample, not a patient" in said(app)
    assert len(app.get("image")) == 6, "image, mask, overlay, probability; errors and truth"
    assert "No verdict" in said(app), "the threshold is that of other weights"


@pytest.mark.usefixtures("drawing")
def test_a_verdict_stands_beside_what_it_is_worth(page):
    app = until(press(page("image"), "Try the sample slice"), "Against the truth")
    shown = case_in(app)
    drawn = areas(np.roll(shown.case.truth, 1, axis=0), "wt")[0]
    head = np.count_nonzero(shown.prepared.slices.any(axis=1))
    assert f"Whole tumour: {drawn} of {head} pixels of the head." in said(app)
    assert said(app).count(f"{three_figures(100 * drawn / head, decimals=2)} %") == 1
    assert "above the 0.60 %** that separated slices with tumour from those without" in said(app)
    assert "4 validation patients of the LGG set (with their skulls): sensitivity .93" in said(app)
    assert "6 test patients" in said(app)
    assert "Not a diagnosis" in said(app)
    assert "pixels missed" in said(app)
    assert "also reads" not in said(app), "nothing is missing"
    assert not app.slider

    app.selectbox(key="picture-model-brain").set_value("transunet").run()
    app = until(app, "No verdict")
    assert "sensitivity" not in said(app)


@pytest.mark.usefixtures("drawing")
def test_one_modality_is_read_and_what_is_missing_is_told(page, volume, tmp_path):
    app = drop(page("image"), ("case_flair.png", flair_picture(volume, tmp_path)))
    app = until(press(app, "Read it"), "No verdict")
    assert "U-Net also reads T1, T1c, T2, not given: zeros stand there" in said(app)
    assert "Against the truth" not in said(app)
    assert len(app.get("image")) == 4
    assert len(app.button_group[0].options) == 3

    app.selectbox(key="picture-model-brain").set_value("flair_unet").run()
    app = until(app, "Whole tumour:")
    assert "also reads" not in said(app)
    assert len(app.button_group[0].options) == 1, "it answers the whole tumour only"


@pytest.mark.usefixtures("drawing")
def test_a_model_with_none_of_its_modalities_cannot_be_chosen(page, volume, tmp_path):
    app = drop(page("image"), ("case_t2.png", flair_picture(volume, tmp_path)))
    app = until(press(app, "Read it"), "pixels of the head")
    assert "FLAIR U-Net" not in app.selectbox(key="picture-model-brain").options
    assert "FLAIR U-Net reads FLAIR only, which is not here" in said(app)


def test_a_photograph_is_refused_in_a_sentence(page):
    y, x = np.mgrid[:300, :400]
    cat = np.stack([120 + 80 * np.sin(x / 30), 100 + 60 * np.cos(y / 50), 90 + y / 4], -1)
    app = drop(page("image"), ("cat.png", picture(cat.astype(np.uint8))))
    assert "photograph" in said(app)
    assert "Read it" not in [button.label for button in app.button]


@pytest.mark.usefixtures("drawing")
def test_of_a_stack_slices_are_chosen_and_ranked(page, stack):
    app = until(page("image", open_case=stack), "slices together")
    assert not app.exception
    drawn = areas(np.roll(stack.case.truth, 1, axis=0), "wt")
    largest = int(drawn.argmax()) + 1
    assert app.slider[0].value == largest, "it opens where most is to be seen"
    assert f"FLAIR\\_{largest:03}" in said(app)
    ranked = [button for button in app.button if "Dice" in button.label]
    dices = [float(button.label.split()[-1]) for button in ranked]
    assert len(ranked) == 6
    assert min(dices[:3]) >= max(dices[3:])

    app = press(app, ranked[-1].label)
    assert app.slider[0].value == int(ranked[-1].label.split(":")[0])
    assert f"**This slice**: Dice {dices[-1]:.2f}, IoU" in said(app)
    scores = re.findall(r"(?:Dice|IoU) ([\d.]+)[,;]", said(app))
    assert len(scores) == 4, "of this slice and of all"
    assert all(re.fullmatch(r"\d\.\d\d", score) for score in scores)
    app = press(app, "Largest tumour slice")
    assert app.slider[0].value == largest

    app.slider[0].set_value(1).run()
    assert "This slice is empty" in said(app)


def test_what_fails_is_told_and_can_be_tried_again(page, monkeypatch, drawing):
    works = slice_job._read

    def fail(*_):
        raise RuntimeError("no room left")

    monkeypatch.setattr(slice_job, "_read", fail)
    app = until(press(page("image"), "Try the sample slice"), "U-Net failed: no room left")
    assert not app.get("image")
    monkeypatch.setattr(slice_job, "_read", works)
    assert "no room left" not in said(until(press(app, "Try again"), "Against the truth"))
