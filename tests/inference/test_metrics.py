import numpy as np
import pytest

from inference.metrics import dice, region_dice, region_volumes


def mask(*shape, filled=()):
    array = np.zeros(shape, bool)
    for index in filled:
        array[index] = True
    return array


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


def test_volumes_in_millilitres():
    labels = np.repeat(np.array([0, 1, 2, 3], np.uint8), [5, 1000, 2000, 4000])
    assert region_volumes(labels, 0.001) == pytest.approx({"wt": 7, "tc": 5, "et": 4})
    assert region_volumes(np.zeros(5, np.uint8), 0.001) == {"wt": 0, "tc": 0, "et": 0}
