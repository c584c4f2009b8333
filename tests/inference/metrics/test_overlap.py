import numpy as np
import pytest
import torch

from inference.metrics import dice, region_dice
from tests.inference.metrics.masks import EMPTY, PAIRS, VOXEL


def mask(*shape, filled=()):
    array = np.zeros(shape, bool)
    for index in filled:
        array[index] = True
    return array


@pytest.fixture
def monai_dice(monai_metrics):
    def monai_dice(drawn, true):
        batch = (torch.from_numpy(each)[None, None].float() for each in (drawn, true))
        return float(monai_metrics.compute_dice(*batch, ignore_empty=False))

    return monai_dice


@pytest.mark.parametrize("pair", PAIRS)
def test_dice_is_monais(pair, monai_dice):
    assert dice(*PAIRS[pair]) == pytest.approx(monai_dice(*PAIRS[pair]), abs=1e-6)


@pytest.mark.parametrize("pair", [(EMPTY, EMPTY), (EMPTY, VOXEL), (VOXEL, EMPTY)])
def test_empty_masks_are_scored_as_monai_scores_them(pair, monai_dice):
    assert dice(*pair) == monai_dice(*pair)


def test_dice_of_half_an_overlap():
    a, b = mask(4, filled=[0, 1]), mask(4, filled=[1, 2])
    assert dice(a, b) == 0.5


def test_both_empty_is_1_and_one_empty_is_0():
    empty, full = mask(3), mask(3, filled=[0])
    assert dice(empty, empty) == 1
    assert dice(empty, full) == dice(full, empty) == 0


def test_dice_is_symmetric_and_bounded():
    random = np.random.default_rng(0)
    a, b = (random.random((9, 9, 9)) > 0.6 for _ in range(2))
    assert dice(a, b) == dice(b, a)
    assert 0 < dice(a, b) < 1
    assert dice(a, a) == 1


def test_dice_is_over_the_volume_and_not_averaged_over_slices():
    truth = np.zeros((4, 4, 2), np.uint8)
    drawn = truth.copy()
    truth[:, :, 0] = drawn[:, :, 0] = 2
    drawn[0, 0, 1] = 2  # a mean over slices would be 0.5
    assert region_dice(drawn, truth)["wt"] == pytest.approx(2 * 16 / 33)


def test_regions_are_nested_sums_of_labels():
    truth = np.array([0, 1, 2, 3], np.uint8)
    drawn = np.array([0, 3, 2, 3], np.uint8)
    scores = region_dice(drawn, truth)
    assert scores["wt"] == scores["tc"] == 1
    assert scores["et"] == pytest.approx(2 / 3)
