import numpy as np
import pytest

from synthetic.grid import brats_grid

FULL = (240, 240, 155)


def test_the_full_grid_is_that_of_brats_in_ras():
    grid = brats_grid(FULL)
    np.testing.assert_allclose(grid.spacing, 1)
    np.testing.assert_allclose(grid.affine[:3, 3], (-239, 0, 0))


@pytest.mark.parametrize("shape", [FULL, (64, 64, 32), (50, 70, 31)])
def test_every_shape_covers_the_same_field_of_view(shape):
    affine = brats_grid(shape).affine
    edges = affine @ np.array([(-0.5, -0.5, -0.5, 1), (*(np.array(shape) - 0.5), 1)]).T
    np.testing.assert_allclose(edges[:3, 0], (-239.5, -0.5, -0.5))
    np.testing.assert_allclose(edges[:3, 1], (0.5, 239.5, 154.5))


def test_a_window_keeps_the_positions():
    grid = brats_grid((64, 64, 32))
    part, where = grid.window(((-20, 30), (-50, 10), (0, 40)))
    for number in range(3):
        np.testing.assert_allclose(part.axis(number), grid.axis(number)[where[number]])
    assert part.axis(0).min() >= -20
    assert part.axis(0).max() <= 30
