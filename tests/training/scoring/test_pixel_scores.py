import numpy as np
import pytest

from training.scoring.pixel_scores import PixelCounts, count_slices, pixel_scores

# Two tumour slices and a free one of 4×5 pixels; label 2 is whole tumour alone.
TRUTH = np.zeros((4, 5, 3), np.uint8)
TRUTH[:2, :2, 0] = 2
TRUTH[0, 0, 1] = 2
DRAWN = np.zeros_like(TRUTH)
DRAWN[:2, :3, 0] = 2
DRAWN[3, 3, 2] = 2


@pytest.fixture
def scores() -> dict:
    return pixel_scores([count_slices(DRAWN, TRUTH)], ("wt",))


def test_pixels_of_tumour_slices_are_pooled(scores):
    found = scores["over_tumour_slices"]["wt"]
    assert scores["slices"] == 3
    assert scores["tumour_slices"] == 2
    assert found["dice"] == pytest.approx(2 * 4 / (6 + 5))
    assert found["iou"] == pytest.approx(4 / 7)
    assert found["accuracy"] == pytest.approx((40 - 3) / 40)
    assert found["precision"] == pytest.approx(4 / 6)
    assert found["recall"] == pytest.approx(4 / 5)
    assert found["specificity"] == pytest.approx(33 / 35)


def test_each_tumour_slice_counts_alike_in_the_mean(scores):
    found = scores["over_tumour_slices"]["wt"]
    assert found["slice_dice"] == pytest.approx((2 * 4 / 10 + 0) / 2)
    assert found["slice_iou"] == pytest.approx((4 / 6 + 0) / 2)


def test_all_slices_know_the_false_alarm_too(scores):
    found = scores["over_all_slices"]["wt"]
    assert found["precision"] == pytest.approx(4 / 7)
    assert "slice_dice" not in found


def test_patients_are_pooled_and_other_regions_left_out(scores):
    twice = pixel_scores([count_slices(DRAWN, TRUTH)] * 2, ("wt",))
    assert twice["tumour_slices"] == 4
    assert twice["over_tumour_slices"] == scores["over_tumour_slices"]
    assert set(twice["over_all_slices"]) == {"wt"}


def test_nothing_over_nothing_is_no_number():
    empty = np.zeros_like(TRUTH)
    scores = pixel_scores([count_slices(empty, empty)], ("wt",))
    assert scores["over_tumour_slices"]["wt"]["slice_dice"] is None
    assert scores["over_all_slices"]["wt"]["precision"] is None
    assert PixelCounts(0, 0, 0, 20).scores()["specificity"] == 1
