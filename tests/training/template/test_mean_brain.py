import dataclasses

import numpy as np
import pytest

from inference.case import Case
from inference.preparation.template import grid_of
from training.template.mean_brain import mean_brain

GRID = grid_of((21, 20, 16), np.diag([1.0, 1.0, 1.0, 1.0]))
ALL = ("t1", "t1c", "t2", "flair")


def brain(brightness, present=ALL):
    volume = np.zeros((4, *GRID.shape), np.float32)
    volume[:, 4:16, 4:16, 4:12] = brightness
    return Case("brain", volume, present, GRID)


def test_brains_of_any_brightness_count_alike():
    mean = np.asarray(mean_brain([brain(10), brain(3000)]).dataobj)
    assert mean.shape == (10, 10, 8)
    assert set(np.unique(mean)) == {0, 100}


def test_a_voxel_of_2_mm_lies_between_the_two_it_is_the_mean_of():
    image = mean_brain([brain(1)])
    assert image.header.get_zooms() == pytest.approx((2, 2, 2))
    np.testing.assert_allclose(image.affine[:3, 3], 0.5)


def test_brains_without_all_modalities_are_passed_over():
    partial = dataclasses.replace(brain(1), present=("t1", "flair"))
    partial.volume[:] = 7
    mean = np.asarray(mean_brain([brain(1), partial]).dataobj)
    assert set(np.unique(mean)) == {0, 100}
