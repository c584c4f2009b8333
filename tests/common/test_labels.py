"""Labels: BraTS releases are told apart, and regions are nested whatever a model says."""

import numpy as np
import pytest

from common.errors import InputError
from common.labels import labels_to_regions, regions_to_labels, to_brats_2023


def test_numbering_of_2023_is_kept():
    labels = np.array([[0, 1], [2, 3]], np.uint8)
    np.testing.assert_array_equal(to_brats_2023(labels), labels)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.float32, np.float64])
def test_four_is_read_as_three(dtype):
    read = to_brats_2023(np.array([0, 1, 2, 4, 4], dtype))
    assert read.dtype == np.uint8
    assert read.tolist() == [0, 1, 2, 3, 3]


def test_the_input_is_left_alone():
    labels = np.array([0, 4], np.uint8)
    to_brats_2023(labels)
    assert labels.tolist() == [0, 4]


def test_three_and_four_together_are_refused():
    with pytest.raises(InputError, match=r"x_seg\.nii holds both 3 and 4"):
        to_brats_2023(np.array([0, 3, 4]), source="x_seg.nii")


@pytest.mark.parametrize("strange", [5, -1, 255, 0.5, 2.999, np.nan, np.inf])
def test_strange_values_are_refused_by_name(strange):
    with pytest.raises(InputError, match=f"x_seg.nii holds the value {strange:g}"):
        to_brats_2023(np.array([0, 1, strange]), source="x_seg.nii")


def test_regions_of_each_label():
    whole, core, enhancing = labels_to_regions(np.array([0, 1, 2, 3]))
    assert whole.tolist() == [False, True, True, True]
    assert core.tolist() == [False, True, False, True]
    assert enhancing.tolist() == [False, False, False, True]


def test_round_trip():
    labels = np.random.default_rng(0).integers(0, 4, (5, 6, 7)).astype(np.uint8)
    np.testing.assert_array_equal(regions_to_labels(labels_to_regions(labels)), labels)


def test_any_answer_becomes_nested_regions():
    """All eight answers a voxel can get."""
    answers = np.array(np.meshgrid(*[[False, True]] * 3)).reshape(3, -1)
    labels = regions_to_labels(answers)
    whole, core, enhancing = labels_to_regions(labels)
    assert labels.dtype == np.uint8
    assert (enhancing <= core).all()
    assert (core <= whole).all()
    np.testing.assert_array_equal(whole, answers[0])
    assert sorted(np.unique(labels)) == [0, 1, 2, 3]
