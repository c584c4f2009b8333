import numpy as np
import pytest

from inference.geometry.boxes import box_of, with_margin


@pytest.mark.parametrize("order", ["C", "F"])
def test_it_is_as_small_as_what_it_holds(order):
    mask = np.zeros((5, 6, 7), np.uint8, order)
    mask[1, 4, 6], mask[3, 2, 0] = 1, 200
    assert box_of(mask) == (slice(1, 4), slice(2, 5), slice(0, 7))


def test_there_is_none_around_nothing():
    assert box_of(np.zeros((5, 6, 7), bool)) is None


def test_a_margin_ends_where_the_array_does():
    box = (slice(1, 4), slice(2, 5), slice(0, 7))
    assert with_margin(box, (5, 6, 7), 2) == (slice(0, 5), slice(0, 6), slice(0, 7))
