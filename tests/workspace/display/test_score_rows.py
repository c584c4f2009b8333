from dataclasses import replace

import numpy as np
import pytest
import streamlit as st

from inference.io.cases.case_files import open_cases
from inference.metrics import region_volumes
from inference.network.segmentation import Segmentation
from workspace.display.score_rows import number_rows, time_rows, written
from workspace.jobs.segmentation import Answer
from workspace.open_case import open_files


@pytest.fixture
def opened(small_case_folder, monkeypatch):
    monkeypatch.setattr(st, "session_state", {})
    with open_cases([small_case_folder]) as (files,):
        return open_files(files)


def answer(opened, labels):
    parts = {"preprocess": 0.0, "predict": 1.0, "postprocess": 0.0}
    segmentation = Segmentation("unet", labels, np.zeros((3, 1, 1, 1)), (slice(0, 1),) * 3, parts)
    return Answer.of(opened, segmentation)


def test_volumes_dice_and_times(opened):
    truth, unet = number_rows(opened, {"unet": answer(opened, opened.case.truth)})
    assert truth["Model"] == "Truth"
    assert truth["WT ml"] == unet["WT ml"] > 0
    assert unet["WT Dice"] == unet["ET Dice"] == 1.0
    assert unet["Total s"] == pytest.approx(opened.read_seconds + 1)
    assert not any(column.endswith("HD95 mm") for column in unet)


def test_hd95_stands_beside_the_dice_once_it_is_measured(opened):
    answers = {name: answer(opened, opened.case.truth) for name in ("unet", "transunet")}
    measured = {"unet": {"wt": 1.5, "tc": float("nan"), "et": 374.0}}
    _, unet, transunet = number_rows(opened, answers, measured)
    assert (unet["WT HD95 mm"], unet["ET HD95 mm"]) == (1.5, 374.0)
    assert not any("HD95" in column for column in transunet)
    assert "TC HD95 mm" not in unet
    columns = list(unet)
    assert columns.index("ET Dice") < columns.index("WT HD95 mm") < columns.index("Total s")


def test_seconds_by_part(opened):
    (unet,) = time_rows({"unet": answer(opened, opened.case.truth)})
    assert unet["Predict s"] == 1.0
    assert unet["Read s"] == opened.read_seconds
    assert list(unet)[-1] == "Total s"


def test_areas_in_pixels_where_a_pixel_has_no_size(opened):
    unsized = replace(opened, case=replace(opened.case, voxel_size_known=False))
    truth, unet = number_rows(unsized, {"unet": answer(unsized, opened.case.truth)})
    counts = region_volumes(opened.case.truth, 1)
    assert truth["WT pixels"] == unet["WT pixels"] == counts["wt"]
    assert not any(column.endswith("ml") for column in {**truth, **unet})


@pytest.mark.parametrize(("sized", "unit"), [(True, "ml"), (False, "pixels")])
def test_one_mask_scores_the_whole_tumour_alone(opened, sized, unit):
    """Nor is it a finding that it draws no core: nobody was asked for one."""
    case = replace(opened.case, truth_regions=("wt",), voxel_size_known=sized)
    masked = replace(opened, case=case)
    truth, unet = number_rows(masked, {"unet": answer(masked, opened.case.truth)})
    assert unet["WT Dice"] == 1.0
    assert "TC Dice" not in unet
    assert set(truth) == {"Model", f"WT {unit}"}
    assert {f"WT {unit}", f"TC {unit}", f"ET {unit}"} <= set(unet)


def test_no_number_is_written_with_more_than_three_figures():
    row = {
        "Model": "U-Net",
        "WT ml": 116.4,
        "WT Dice": 0.926,
        "ET HD95 mm": 374.0,
        "Total s": 31.32,
    }
    told = {"Model": "U-Net", "WT ml": "116", "WT Dice": "0.93", "ET HD95 mm": "374"}
    assert written([row]) == [told | {"Total s": "31.3"}]
    assert written([{"WT pixels": 1234.0}]) == [{"WT pixels": "1234"}]
