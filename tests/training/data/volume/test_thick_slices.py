import numpy as np
import pytest

from training.data.volume.thick_slices import slice_matrix, thick_slices


def column(values) -> np.ndarray:
    return np.array(values, np.float32)[None, None]


def test_whole_slices_are_means_and_between_them_lies_a_straight_line():
    """Two slices of three: their means 2 and 8 lie at their middles, 6 apart over 3 voxels."""
    made = thick_slices(column([1, 2, 3, 7, 8, 9]), thickness_mm=3.0, spacing_mm=1.0)
    np.testing.assert_allclose(made[0, 0], [2, 2, 4, 6, 8, 8], rtol=1e-5)


def test_a_slice_of_a_part_of_a_voxel_has_a_part_of_its_weight():
    """Slices of 1.5 voxels: the first is all of voxel 0 and half of voxel 1."""
    matrix = slice_matrix(3, 1.5)
    middles = np.array([0.5 * 2 / 3 + 1.5 / 3, 1.5 / 3 + 2.5 * 2 / 3])
    means = np.array([[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]])
    share = (1.5 - middles[0]) / (middles[1] - middles[0])
    np.testing.assert_allclose(matrix[0], means[0], atol=1e-6)
    np.testing.assert_allclose(matrix[1], (1 - share) * means[0] + share * means[1], atol=1e-6)
    np.testing.assert_allclose(matrix[2], means[1], atol=1e-6)


@pytest.mark.parametrize("thickness", [3.0, 4.7, 6.0, 500.0])
@pytest.mark.parametrize("start", [0.0, 0.3, 0.99])
def test_what_is_even_stays_even_and_a_ramp_a_ramp(thickness, start):
    even = thick_slices(
        np.full((2, 2, 40), 7, np.float32), thickness_mm=thickness, spacing_mm=1, start=start
    )
    np.testing.assert_allclose(even, 7, rtol=1e-5)
    if thickness < 10:
        ramp = thick_slices(
            column(np.arange(40) + 5), thickness_mm=thickness, spacing_mm=1, start=start
        )
        inside = slice(7, -7)
        np.testing.assert_allclose(ramp[0, 0, inside], (np.arange(40) + 5)[inside], atol=1e-4)


def test_the_background_stays_and_does_not_darken_the_edge():
    made = thick_slices(column([0, 0, 5, 5, 5, 5, 0, 0]), thickness_mm=4.0, spacing_mm=1.0)
    np.testing.assert_allclose(made[0, 0], [0, 0, 5, 5, 5, 5, 0, 0], rtol=1e-5)


def test_tissue_whose_mean_is_nothing_stays_tissue():
    made = thick_slices(column([-1, 1, -1, 1]), thickness_mm=4.0, spacing_mm=1.0)
    assert (made != 0).all()


def test_slices_that_are_thick_already_stay_as_they_are():
    image = column([1, 5, 2, 8])
    made = thick_slices(image, thickness_mm=4.0, spacing_mm=5.0)
    np.testing.assert_array_equal(made, image)
    assert made is not image


def test_fine_detail_is_lost_along_the_axis_alone():
    image = np.full((8, 8, 24), 10, np.float32)
    image[..., ::2] = 20
    image[::2] += 5
    made = thick_slices(image, thickness_mm=4.0, spacing_mm=1.0)
    assert np.ptp(made, axis=2).max() < 1e-3
    np.testing.assert_allclose(made[::2] - made[1::2], 5, rtol=1e-4)
