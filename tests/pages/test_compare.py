import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from model_zoo.errors import WeightsError
from model_zoo.registry import ALL_MODELS
from model_zoo.weights import loading
from tests.conftest import ROOT
from tests.pages.conftest import case_in, in_session
from tests.workspace.jobs.held_models import held_models, until
from workspace.display.empty_state import VIEW_PARAMETERS
from workspace.jobs import segmentation, surface_distance
from workspace.jobs.queue import queue_place
from workspace.jobs.queue.job_queue import JobQueue
from workspace.jobs.quick_look import QUICK_LOOK
from workspace.models import loaded_models


def text(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info])


MODELS = ("U-Net", "ResNet34 U-Net", "TransUNet")


def test_nothing_open_says_so_and_offers_both_ways(page):
    app = page("compare")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample", "Open your own files"]


@pytest.mark.slow
def test_the_sample_can_be_opened_from_there(page, held, settled):
    app = page("compare")
    app.button[0].click()
    held.go(len(MODELS))
    settled(app)
    assert "Synthetic sample, not a patient" in text(app)


def test_the_sample_opened_from_there_stands_in_the_address(page, held):
    app = page("compare")
    app.button[0].click().run()
    assert case_in(app).is_sample
    assert app.query_params["case"] == "sample"


@pytest.mark.usefixtures("held")
def test_the_address_opens_the_sample_on_other_pages_too():
    app = AppTest.from_file(ROOT / "pages" / "view3d.py", default_timeout=120)
    app.query_params["case"] = "sample"
    app.run()
    assert not app.exception
    assert case_in(app).is_sample


def test_a_link_to_a_view_of_an_upload_says_that_the_scan_did_not_travel():
    app = AppTest.from_file(ROOT / "pages" / "compare.py", default_timeout=120)
    app.query_params["from"] = "a letter"
    assert "does not travel with a link" not in text(app.run())
    app.query_params["axial"] = "12"
    assert "a scan does not travel with a link" in text(app.run())


def test_every_name_that_the_view_writes_into_an_address_is_known():
    script = (ROOT / "viewer/browser/compare/address.js").read_text(encoding="utf-8")
    parameters = script.split("const PARAMETERS = {")[1].split("\n};")[0]
    assert set(re.findall(r"^  (\w+): ", parameters, re.MULTILINE)) == VIEW_PARAMETERS


def test_the_address_opens_the_sample_with_all_models_run(settled):
    app = AppTest.from_file(ROOT / "pages" / "compare.py", default_timeout=120)
    app.query_params["case"] = "sample"
    table = settled(app).dataframe[0].value.set_index("Model")
    assert not app.exception
    assert {"Truth", "U-Net", "ResNet34 U-Net", "TransUNet"} <= set(table.index)
    scores = table.loc[["U-Net", "ResNet34 U-Net", "TransUNet"], ["WT Dice", "TC Dice", "ET Dice"]]
    assert scores.notna().all(axis=None)
    assert "Both empty: Dice 1, HD95 0 mm" in text(app)


def test_the_address_opens_the_sample_in_place_of_another_synthetic_case(opened, monkeypatch):
    a_slice = replace(opened, key="a slice of it", synthetic=True)
    with held_models(monkeypatch):
        app = AppTest.from_file(ROOT / "pages" / "compare.py", default_timeout=120)
        app.query_params["case"] = "sample"
        app.session_state["open_case"] = in_session(a_slice)
        app.run()
        assert not app.exception
        sample = case_in(app)
        assert sample.key != a_slice.key
        assert case_in(app.run()) is sample


def test_an_upload_without_truth_has_volumes_and_no_dice(page, held, settled, opened):
    case = replace(opened.case, truth=None, name="A_very_*long*_name_of_a_case" * 3)
    without = replace(opened, case=case, truth_volume_ml=None, key="without truth")
    held.go(len(MODELS))
    app = settled(page("compare", open_case=without))
    table = app.dataframe[0].value
    assert "WT ml" in table
    assert "WT Dice" not in table
    assert "no truth" in text(app)


def test_a_missing_modality_is_told_in_plain_words(page, opened):
    note = "Upload the T1c file too: without it the enhancing tumour is not reliable."
    case = replace(opened.case, present=("t1", "t2", "flair"), notes=(note,))
    app = page("compare", open_case=replace(opened, case=case, key="three modalities"))
    assert not app.exception
    assert "3/4 modalities" in text(app)
    assert "enhancing tumour is not reliable" in text(app)


@pytest.fixture
def _no_weights(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "EMBEDDED", tmp_path)
    monkeypatch.setattr(segmentation, "queue", JobQueue())
    monkeypatch.setattr(loaded_models, "_held", {})  # nothing loaded before counts


@pytest.mark.usefixtures("_no_weights")
def test_missing_weights_offer_another_try_and_no_numbers(page, settled, opened):
    app = settled(page("compare", open_case=opened))
    assert [button.label for button in app.button] == ["Try again"]
    assert not app.dataframe
    assert not app.exception


def labels_of(app):
    return [button.label for button in app.button]


def button(app, label):
    return next(button for button in app.button if button.label == label)


@pytest.fixture
def held(monkeypatch):
    with held_models(monkeypatch) as made:
        yield made


def test_while_models_work_one_can_cancel_and_then_resume(page, held, opened):
    app = page("compare", open_case=opened)
    assert labels_of(app) == ["Cancel"]
    assert not app.dataframe
    _let_go(app, held, opened, 1)
    assert list(app.dataframe[0].value["Model"]) == ["Truth", "U-Net"]
    button(app, "Cancel").click().run()
    assert not app.exception
    assert labels_of(app) == ["Run again"]
    assert list(app.dataframe[0].value["Model"]) == ["Truth", "U-Net"]
    held.until_stopped()
    button(app, "Run again").click().run()
    assert labels_of(app) == ["Cancel"]
    _let_go(app, held, opened, 2)
    assert held.runs.count((opened.key, "unet")) == 1
    until(lambda: "Cancel" not in labels_of(app.run()))
    assert set(MODELS) <= set(app.dataframe[0].value["Model"])
    assert labels_of(app) == []


def test_a_quick_look_comes_before_the_models_and_stands_in_no_table(page, held, opened):
    app = page("compare", open_case=opened)
    until(lambda: len(held.runs) == 2)
    assert held.runs == [(opened.key, QUICK_LOOK), (opened.key, "unet")]
    assert not app.run().dataframe, "there is no answer yet"
    _let_go(app, held, opened, 1)
    assert list(app.dataframe[0].value["Model"]) == ["Truth", "U-Net"]
    assert "Edge U-Net" not in text(app)
    _let_go(app, held, opened, 2)
    until(lambda: "Where the models differ" in [each.value for each in app.run().subheader])
    page("compare", open_case=opened)
    assert held.runs.count((opened.key, QUICK_LOOK)) == 1


def test_whoever_waits_for_others_reads_their_place_and_can_leave_it(
    page, held, opened, monkeypatch
):
    monkeypatch.setattr(queue_place, "queue", segmentation.queue)
    first = replace(opened, key="first")
    work = partial(segmentation._segment, first, "unet")
    segmentation.queue.submit((first.key, "unet"), work, who="another visitor")
    until(lambda: held.runs)
    app = page("compare", open_case=opened)
    assert "2nd in line" in text(app)
    assert labels_of(app) == ["Cancel"]
    button(app, "Cancel").click().run()
    assert "in line" not in text(app)
    assert (segmentation.queue.running, segmentation.queue.waiting) == (1, 0)


def test_a_quick_look_is_cancelled_with_the_models_and_resumed_first(page, held, opened):
    held.hold_quick_look()
    app = page("compare", open_case=opened)
    until(lambda: held.runs)
    button(app, "Cancel").click().run()
    assert labels_of(app) == ["Run again"]
    held.until_stopped()
    held.let_go_of_quick_look()
    button(app, "Run again").click().run()
    until(lambda: len(held.runs) == 3)
    assert [name for _, name in held.runs] == [QUICK_LOOK, QUICK_LOOK, "unet"]
    assert not app.exception


def test_without_a_quick_look_the_page_is_as_ever(page, held, opened, monkeypatch):
    def fail(*_):
        raise WeightsError("The weights of edge_unet are missing.")

    monkeypatch.setattr(segmentation, "draw_quick_look", fail)
    app = page("compare", open_case=opened)
    _let_go(app, held, opened, 1)
    assert labels_of(app) == ["Cancel"]
    assert not app.error
    assert "edge_unet" not in text(app)
    _let_go(app, held, opened, 2)
    until(lambda: "Cancel" not in labels_of(app.run()))
    assert labels_of(app) == []


def test_another_page_says_what_was_cancelled_and_runs_it_again(page, held, opened):
    keys = {(opened.key, name) for name in ALL_MODELS}
    app = page("report", open_case=opened, asked_for=opened.key, cancelled=keys)
    assert "Cancelled: U-Net, ResNet34 U-Net, TransUNet." in text(app)
    assert not held.runs
    button(app, "Run again").click().run()
    assert not app.exception
    until(lambda: held.runs)


def test_hd95_the_words_and_the_time_by_part_follow_the_overlays(page, held, opened):
    app = page("compare", open_case=opened)
    assert "Where the models differ" not in [element.value for element in app.subheader]
    _let_go(app, held, opened, 3)
    until(lambda: "being measured" not in text(app.run()))
    table, times = (element.value.set_index("Model") for element in app.dataframe)
    assert (table.loc[[*MODELS], "ET HD95 mm"] == "0.0").all()
    assert not any(name.startswith("Predict") for name in table)
    parts = ["Read s", "Preprocess s", "Predict s", "Postprocess s", "Total s"]
    assert list(times) == parts
    assert "Truth" not in times.index
    assert "Where the models differ" in [element.value for element in app.subheader]
    assert "TransUNet draws" in text(app)
    assert not app.exception


def test_a_core_whose_size_is_an_estimate_is_said_to_be_one(page, held, opened):
    truth = opened.case.truth
    case = replace(opened.case, truth=np.where(truth == 3, 2, truth))
    faint = replace(opened, case=case, key="nothing enhances")
    app = page("compare", open_case=faint)
    _let_go(app, held, faint, 1)
    assert "hardly any of this tumour enhances" in text(app)
    held.go(2)


def _let_go(app, held, opened, count):
    """Let models answer that this page waits for, and draw it again."""
    found = _answered(opened)
    held.go(count)
    until(lambda: _answered(opened) >= found + count)
    app.run()


def _answered(opened):
    jobs = [segmentation.queue.find((opened.key, name)) for name in ALL_MODELS]
    return sum(job is not None and job.status == "done" for job in jobs)


def test_many_notes_are_folded_so_that_the_picture_stays_in_view(page, held, opened):
    notes = tuple(f"Note number {number}." for number in range(5))
    case = replace(opened.case, notes=notes)
    app = page("compare", open_case=replace(opened, case=case, key="five notes"))
    folded, shown = (caption.value for caption in app.caption)
    assert [note for note in notes if note in shown] == [*notes[:2]]
    assert [note for note in notes if note in folded] == [*notes[2:]]
    (popover,) = app.get("popover")
    assert popover.proto.popover.label == "3 more notes on these files"


def test_when_all_is_cancelled_the_page_waits_for_nothing(page, held, opened):
    app = page("compare", open_case=opened)
    button(app, "Cancel").click().run()
    assert [key for key in segmentation.queue._jobs if "probabilities" in key[1]] == []
    assert labels_of(app) == ["Run again"]


def failing_once(monkeypatch, module, name):
    """Have a function fail the first time it is called."""
    real, calls = getattr(module, name), []

    def work(*given):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("a fault")
        return real(*given)

    monkeypatch.setattr(module, name, work)


def settled_page(page, held, opened):
    app = page("compare", open_case=opened)
    _let_go(app, held, opened, 3)
    until(lambda: "being measured" not in text(app.run()) and "Cancel" not in labels_of(app))
    until(lambda: not any(job.unsettled for job in segmentation.queue._jobs.values()))
    return app.run()


def test_a_distance_that_failed_can_be_measured_again(page, held, opened, monkeypatch):
    failing_once(monkeypatch, surface_distance, "_hd95")
    app = settled_page(page, held, opened)
    assert not app.exception
    assert "HD95 could not be measured: a fault" in app.error[0].value
    assert labels_of(app) == ["Try again"]
    button(app, "Try again").click().run()
    until(lambda: "being measured" not in text(app.run()))
    assert not app.error
    assert labels_of(app) == []
    assert (app.dataframe[0].value.set_index("Model").loc[[*MODELS], "ET HD95 mm"] == "0.0").all()


def test_probabilities_that_cannot_be_packed_leave_the_page_whole(page, held, opened, monkeypatch):
    failing_once(monkeypatch, segmentation, "probability_payload")
    app = settled_page(page, held, opened)
    assert not app.exception
    assert labels_of(app) == ["Try again"]
    button(app, "Try again").click().run()
    until(lambda: labels_of(app.run()) == [])
    assert not app.exception
