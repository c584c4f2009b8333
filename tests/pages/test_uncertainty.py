import time
from dataclasses import replace

import numpy as np
import pytest

from common.vocabulary import REGIONS
from tests.pages.answers import answer, own_queue  # noqa: F401
from tests.pages.conftest import wait_for_jobs
from workspace.jobs import explanation, segmentation, uncertainty
from workspace.jobs.explanation import explained_slices
from workspace.jobs.queue.job_queue import JobQueue

SECONDS = 120


@pytest.fixture(autouse=True)
def own_queues(monkeypatch):
    """What these jobs found is no model's: no other test may find it, nor wait behind it."""
    queue = JobQueue()
    monkeypatch.setattr(uncertainty, "queue", queue)
    monkeypatch.setattr(explanation, "queue", queue)


@pytest.fixture
def mirrored(monkeypatch):
    """Stand in for the models: on its mirror image, each draws what it drew, a voxel aside."""
    asked = []

    def predict(model, _, prepared, progress):
        asked.append(model)
        progress(1.0)
        return np.roll(model, -1, axis=1)

    monkeypatch.setattr(uncertainty, "mirrored_by", predict)
    return asked


@pytest.fixture
def loaded(monkeypatch, opened):
    """Load, in place of a network, the answer it gave: (3, x, y, z)."""

    class Networks:
        def ask(self, name, work, given, report):
            found = segmentation.queue.find((opened.key, name)).result.segmentation
            return work(found.probabilities, None, given, report)

    monkeypatch.setattr(uncertainty, "networks", Networks)


def text(app):
    parts = [*app.markdown, *app.caption, *app.info, *app.error]
    return " ".join(element.value for element in parts)


def press(app, label):
    [button] = [each for each in app.button if each.label == label]
    return button.click().run()


def until(app, holds):
    """Draw a page again, as its fragment does in a browser, until something holds."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        app.run()
        assert not app.exception
        if holds(app):
            return app
        wait_for_jobs(explanation.queue)
    raise AssertionError(f"it did not come to hold: {text(app)}")


def test_nothing_open_says_so_and_offers_both_ways(page):
    app = page("uncertainty")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample", "Open your own files"]


def test_without_the_models_answers_it_says_what_comes(page, opened, monkeypatch):
    monkeypatch.setattr("workspace.jobs.waiting.finished", lambda jobs: {})
    app = page("uncertainty", open_case=replace(opened, key="models at work"))
    assert not app.exception
    assert "when all three models have answered" in text(app)
    assert "Compare six readings" not in [button.label for button in app.button]


@pytest.mark.usefixtures("loaded")
def test_the_six_readings_are_compared_when_asked(page, opened, mirrored):
    app = page("uncertainty", open_case=answer(opened))
    assert not app.exception
    assert mirrored == [], "nothing starts unasked"
    assert "here some 3 s" in text(app), "the three models took 1.1 s each"
    app = until(press(app, "Compare six readings"), lambda app: len(app.dataframe) == 2)
    assert len(mirrored) == 3
    # Moved aside, each has its size and another place.
    assert "All six readings put the whole tumour at" in text(app)
    assert "They differ most on how far the tumour reaches" in text(app)
    assert "Agreement is not correctness" in text(app)
    regions = app.dataframe[0].value.set_index("Region")
    assert list(regions.index) == ["Whole tumour", "Tumour core", "Enhancing tumour"]
    assert regions["Lowest Dice of two"].astype(float).between(0.01, 0.99).all()
    assert list(app.dataframe[1].value["Reading"])[:2] == ["U-Net", "U-Net, mirrored"]
    assert "onfidence" not in text(app)

    again = page("uncertainty", open_case=opened)
    assert len(mirrored) == 3, "who opens the same case finds it done"
    assert len(again.dataframe) == 2


@pytest.mark.usefixtures("loaded")
def test_what_fails_is_told_and_can_be_tried_again(page, opened, monkeypatch, mirrored):
    def fail(*_, **__):
        raise RuntimeError("no room left")

    with monkeypatch.context() as patch:
        patch.setattr(uncertainty, "mirrored_by", fail)
        app = press(page("uncertainty", open_case=answer(opened)), "Compare six readings")
        app = until(app, lambda app: app.error)
    assert "no room left" in text(app)
    assert not app.dataframe
    app = until(press(app, "Try again"), lambda app: len(app.dataframe) == 2)
    assert not app.error


def heats(opened, found):
    """Put what the models looked at in every slice in the place of their looking."""
    shape = opened.prepared.slices.shape[2:]
    heat = np.full(shape, 100, np.uint8)
    return {
        (name, region): heat if region in found else None
        for name in ("unet", "resnet_unet", "transunet")
        for region in REGIONS
    }


def test_what_the_models_looked_at_stands_under_each_picture(page, opened, monkeypatch):
    looked = []

    def look(opened, drawn, index, report):
        looked.append(index)
        report(1.0)
        return heats(opened, found=("wt",))

    monkeypatch.setattr(explanation, "_look", look)
    app = page("uncertainty", open_case=answer(opened))
    assert looked == [], "nothing starts unasked"
    app = until(press(app, "Show it"), lambda app: "TransUNet**, attention" in text(app))
    assert "U-Net**, Grad-CAM" in text(app)
    assert len(app.get("image")) == 3
    assert len(looked) == 1

    first = explained_slices(opened)[0]
    app.slider[0].set_value(first + 1)
    app = until(app, lambda app: "U-Net** draws no whole tumour in this slice" in text(app))
    assert looked[-1] == 0


def test_a_single_slice_needs_no_slider(page, opened, monkeypatch):
    box = (*opened.prepared.box[:2], slice(0, 1))
    prepared = replace(opened.prepared, slices=opened.prepared.slices[15:16], box=box)
    case = replace(opened.case, volume=opened.case.volume[..., :1], truth=None)
    flat = replace(opened, case=case, prepared=prepared, truth_volume_ml=None, key="flat")
    monkeypatch.setattr(explanation, "_look", lambda o, d, i, r: heats(o, found=REGIONS))
    app = press(page("uncertainty", open_case=answer(flat)), "Show it")
    app = until(app, lambda app: "TransUNet**" in text(app))
    assert not app.slider


def test_without_pytorch_it_is_said_that_nothing_can_be_shown(page, opened, monkeypatch):
    monkeypatch.setattr(explanation, "find_spec", lambda package: None)
    app = page("uncertainty", open_case=answer(opened))
    assert not app.exception
    assert "needs PyTorch, which is not installed on this server" in text(app)
    assert "Show it" not in [button.label for button in app.button]
