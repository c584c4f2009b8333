"""Larger voxels cover the same place, to the edge."""

import nibabel as nib
import numpy as np
import pytest

from inference.geometry.coarser_grid import coarser_grid, shape_within
from inference.geometry.native_grid import NativeGrid
from inference.preparation.template import grid_of

OBLIQUE = nib.affines.from_matvec(
    np.array([[-0.6, 0.1, 0.0], [0.1, -0.5, 0.1], [0.0, 0.05, 1.2]]), [30.0, -20.0, 5.0]
)


@pytest.mark.parametrize(
    ("shape", "spacing", "most", "expected"),
    [
        ((512, 512, 200), (0.47, 0.47, 0.8), 20_000_000, (241, 241, 160)),
        ((512, 512, 512), (0.5, 0.5, 0.5), 20_000_000, (256, 256, 256)),
        ((512, 512, 90), (0.47, 0.47, 2.0), 20_000_000, (241, 241, 90)),
        ((240, 240, 155), (1.0, 1.0, 1.0), 20_000_000, (240, 240, 155)),
    ],
)
def test_of_about_a_millimetre(shape, spacing, most, expected):
    assert shape_within(shape, spacing, most) == expected


def test_coarser_than_a_millimetre_only_where_that_is_not_enough():
    shape = shape_within((512, 512, 512), (0.9, 0.9, 0.9), 20_000_000)
    assert 18_000_000 < np.prod(shape) <= 20_000_000


@pytest.mark.parametrize("shape", [(7, 6, 4), (10, 11, 3), (10, 12, 9)])
def test_the_outer_edges_stay(shape):
    grid = grid_of((10, 12, 9), OBLIQUE)
    coarser = coarser_grid(grid, shape)
    for corner in np.ndindex(2, 2, 2):
        ends = [np.array(corner) * np.array(each.shape) - 0.5 for each in (grid, coarser)]
        here, there = map(nib.affines.apply_affine, (grid.affine, coarser.affine), ends)
        np.testing.assert_allclose(here, there, atol=1e-6)
    assert coarser.of_file is grid
    assert coarser.orientation.tolist() == grid.orientation.tolist()


def test_the_header_states_the_same():
    grid = grid_of((10, 12, 9), np.diag([0.5, 0.5, 0.7, 1.0]))
    coarser = coarser_grid(grid, (5, 6, 6))
    for form in (coarser.header.get_sform(), coarser.header.get_qform()):
        np.testing.assert_allclose(form, coarser.affine, atol=1e-6)
    assert coarser.header.get_data_shape() == (5, 6, 6)


def test_a_grid_that_is_small_enough_is_left():
    grid = grid_of((4, 5, 6), np.eye(4))
    assert coarser_grid(grid, (4, 5, 6)) is grid
    assert grid.of_file is grid


def test_what_does_not_state_its_side_does_not_afterwards():
    header = nib.Nifti1Header()
    header.set_data_shape((6, 6, 6))
    coarser = coarser_grid(NativeGrid((6, 6, 6), np.eye(4), header), (3, 3, 3))
    assert coarser.header["sform_code"] == coarser.header["qform_code"] == 0
