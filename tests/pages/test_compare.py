from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from model_zoo import weights
from tests.conftest import ROOT
from workspace import models, segmentations
from workspace.jobs import JobQueue


def text(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info])


def test_nothing_open_says_so_and_offers_both_ways(page):
    app = page("compare")
    assert not app.exception
    assert [button.label for button in app.button] == ["Open the sample", "Open your own files"]


def test_the_sample_can_be_opened_from_there(page, settled):
    app = page("compare")
    app.button[0].click()
    settled(app)
    assert "Synthetic sample, not a patient" in text(app)


def test_the_address_opens_the_sample_with_all_models_run(settled):
    app = AppTest.from_file(ROOT / "pages" / "compare.py", default_timeout=120)
    app.query_params["case"] = "sample"
    table = settled(app).dataframe[0].value.set_index("Model")
    assert not app.exception
    assert {"Truth", "U-Net", "ResNet34 U-Net", "TransUNet"} <= set(table.index)
    scores = table.loc[["U-Net", "ResNet34 U-Net", "TransUNet"], ["WT Dice", "TC Dice", "ET Dice"]]
    assert scores.notna().all(axis=None)
    assert "1 when both are empty" in text(app)


def test_an_upload_without_truth_has_volumes_and_no_dice(page, settled, opened):
    case = replace(opened.case, truth=None, name="A_very_*long*_name_of_a_case" * 3)
    without = replace(opened, case=case, truth_volume_ml=None, key="without truth")
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
    monkeypatch.setattr(weights, "EMBEDDED", tmp_path)
    monkeypatch.setattr(segmentations, "queue", JobQueue())
    monkeypatch.setattr(models, "_load", models._load.__wrapped__)  # nothing loaded before counts


@pytest.mark.usefixtures("_no_weights")
def test_missing_weights_offer_another_try_and_no_numbers(page, settled, opened):
    app = settled(page("compare", open_case=opened))
    assert [button.label for button in app.button] == ["Try again"]
    assert not app.dataframe
    assert not app.exception
