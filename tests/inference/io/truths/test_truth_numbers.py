"""The numbers of a truth, whatever a writer has made of them."""

from pathlib import Path

import numpy as np
import pytest

from common.errors import InputError
from inference.io.truths.truth_numbers import distinct, no_label_map, whole_numbers


@pytest.mark.parametrize("value", [0.5, -3])
def test_what_is_no_label_is_named_for_what_it_is(value):
    with pytest.raises(InputError) as caught:
        whole_numbers(np.array([0, value]), slope=None, path=Path("a.nii"))
    assert str(caught.value).startswith(f"a.nii holds the value {value:g}; a truth holds 0 for")


def test_a_whole_number_is_not_told_to_be_one():
    sentence = str(no_label_map([0, 11], name="a.nii"))
    assert sentence.startswith("a.nii holds the value 11; a truth holds 0 for background")
    assert "whole number" not in sentence


def test_distinct_values_of_more_than_are_counted_at_once():
    numbers = np.zeros((3, 1 << 10, 1 << 10), np.uint8)
    numbers[0, 0, 0], numbers[2, -1, -1] = 7, 255
    assert distinct(numbers).tolist() == [0, 7, 255]
    assert distinct(numbers[::-1, ::2]).tolist() == [0, 7]


def test_zero_is_among_them_only_where_a_voxel_is_0():
    ones = np.ones((2, 3, 4), np.uint8)
    assert distinct(ones).tolist() == [1]
    assert distinct(0 * ones).tolist() == [0]
    ones[1, 2, 3] = 0
    assert distinct(ones).tolist() == [0, 1]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.float32, bool])
def test_whole_numbers_are_what_they_were_in_every_type(dtype):
    numbers = np.array([0, 1, 1, 0], dtype)
    assert whole_numbers(numbers, slope=None, path=Path("a.nii")).tolist() == [0, 1, 1, 0]


@pytest.mark.parametrize("value", [-1, 256, 257])
def test_whole_numbers_that_a_byte_cannot_hold_are_refused(value):
    with pytest.raises(InputError):
        whole_numbers(np.array([0, value], np.int16), slope=None, path=Path("a.nii"))
