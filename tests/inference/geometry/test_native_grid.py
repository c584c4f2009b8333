"""Geometry: the way to RAS+ moves no value to another place in the world, and is exact."""

from itertools import permutations, product

import nibabel as nib
import numpy as np
import pytest

from inference.geometry.native_grid import NativeGrid

SHAPE = (3, 4, 5)
SPACING = (0.9, 1.1, 2.5)


def signed_permutations():
    for order in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            yield order, signs


def axis_affine(order, signs, spacing=SPACING):
    """File axis i runs along world axis order[i], with its sign."""
    affine = np.eye(4)
    affine[:3, :3] = 0
    for axis, (world, sign) in enumerate(zip(order, signs, strict=True)):
        affine[world, axis] = sign * spacing[axis]
    affine[:3, 3] = (12.5, -40.0, 7.25)
    return affine


def rotation(degrees, axis):
    angle = np.deg2rad(degrees)
    one, two = [i for i in range(3) if i != axis]
    matrix = np.eye(4)
    matrix[[one, two], [one, two]] = np.cos(angle)
    matrix[one, two], matrix[two, one] = -np.sin(angle), np.sin(angle)
    return matrix


def grid_of(affine, shape=SHAPE):
    return NativeGrid.of(nib.Nifti1Image(np.zeros(shape, np.uint8), affine))


ALL_48 = [axis_affine(*where) for where in signed_permutations()]
OBLIQUE = [rotation(17, 0) @ rotation(-23, 1) @ rotation(9, 2) @ affine for affine in ALL_48]


def test_there_are_48_orientations():
    assert len({grid_of(affine).axis_codes for affine in ALL_48}) == 48


@pytest.mark.parametrize("affine", ALL_48 + OBLIQUE)
def test_round_trip_is_exact(affine):
    grid = grid_of(affine)
    values = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    np.testing.assert_array_equal(grid.to_native(grid.to_ras(values)), values)


@pytest.mark.parametrize("affine", ALL_48 + OBLIQUE)
def test_every_value_keeps_its_place_in_the_world(affine):
    grid = grid_of(affine)
    values = np.arange(np.prod(SHAPE)).reshape(SHAPE)
    ras = grid.to_ras(values)
    for value in range(values.size):
        before = grid.affine @ [*np.argwhere(values == value)[0], 1]
        after = grid.ras_affine @ [*np.argwhere(ras == value)[0], 1]
        np.testing.assert_allclose(after, before, atol=1e-4)


@pytest.mark.parametrize("affine", ALL_48 + OBLIQUE)
def test_ras_axes_run_right_forward_and_up(affine):
    grid = grid_of(affine)
    assert nib.aff2axcodes(grid.ras_affine) == ("R", "A", "S")
    np.testing.assert_allclose(nib.affines.voxel_sizes(grid.ras_affine), grid.ras_spacing)


@pytest.mark.parametrize("affine", ALL_48)
def test_agrees_with_nibabel(affine):
    values = np.arange(np.prod(SHAPE), dtype=np.int16).reshape(SHAPE)
    image = nib.Nifti1Image(values, affine)
    canonical = nib.as_closest_canonical(image)
    grid = NativeGrid.of(image)
    np.testing.assert_array_equal(grid.to_ras(values), np.asarray(canonical.dataobj))
    np.testing.assert_allclose(grid.ras_affine, canonical.affine, atol=1e-6)


def test_spacing_follows_its_axis():
    grid = grid_of(axis_affine((2, 0, 1), (1, -1, 1)))
    assert grid.spacing == pytest.approx(SPACING)
    assert grid.ras_spacing == pytest.approx((1.1, 2.5, 0.9))


def test_the_way_there_and_back_is_a_view():
    grid = grid_of(ALL_48[-1])
    values = np.zeros(SHAPE)
    assert np.shares_memory(grid.to_ras(values), values)
    assert np.shares_memory(grid.to_native(grid.to_ras(values)), values)


@pytest.mark.parametrize("affine", [ALL_48[0], ALL_48[29], OBLIQUE[13]])
def test_a_grid_does_not_differ_from_itself_nor_by_rounding(affine):
    rounded = affine * (1 + 1e-6)
    assert grid_of(affine).differs_from(grid_of(affine)) is None
    assert grid_of(rounded).differs_from(grid_of(affine)) is None


def test_another_shape_is_said_in_voxels():
    difference = grid_of(np.eye(4), (3, 4, 6)).differs_from(grid_of(np.eye(4)))
    assert difference == "3×4×6 voxels instead of 3×4×5"


@pytest.mark.parametrize(
    "other",
    [
        axis_affine((0, 1, 2), (1, 1, 1)) + np.outer([0, 0, 1, 0], [0, 0, 0, 0.3]),
        axis_affine((0, 1, 2), (-1, 1, 1)),
        rotation(5, 2) @ axis_affine((0, 1, 2), (1, 1, 1)),
        axis_affine((0, 1, 2), (1, 1, 1), spacing=(0.9, 1.1, 2.6)),
    ],
    ids=["shifted", "flipped", "rotated", "other spacing"],
)
def test_another_place_is_said_in_mm(other):
    grid = grid_of(axis_affine((0, 1, 2), (1, 1, 1)))
    assert "mm" in grid_of(other).differs_from(grid)
    assert "mm" in grid.differs_from(grid_of(other))
