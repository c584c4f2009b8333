import numpy as np

from inference.metrics.slices import false_positive_rate


def test_false_positives_are_counted_on_tumour_free_slices_alone():
    truth, drawn = np.zeros((2, 4, 4, 10), np.uint8)
    truth[1, 1, :4] = 2
    drawn[1, 1, 2:7] = 2  # 3 of the 6 tumour-free slices
    assert false_positive_rate(drawn, truth) == (0.5, 6)
    assert false_positive_rate(truth, truth) == (0, 6)


def test_tumour_of_any_region_counts():
    truth = np.zeros((4, 4, 4), np.uint8)
    for label in (1, 2, 3):
        drawn = truth.copy()
        drawn[0, 0, 0] = label
        assert false_positive_rate(drawn, truth) == (0.25, 4)


def test_without_a_free_slice_there_is_no_rate():
    assert false_positive_rate(np.zeros((4, 4, 4)), np.ones((4, 4, 4))) == (None, 0)
