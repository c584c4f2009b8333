import numpy as np
import pytest

from inference.metrics.diameters import largest_diameters


def ellipsoid(radii_mm, spacing, *, turned=0.0):
    """(X, Y, Z) bool: an ellipsoid in the middle, turned in the axial plane."""
    shape = [2 * int(max(radii_mm) / size + 3) + 1 for size in spacing]
    places = [(np.arange(n) - n // 2) * s for n, s in zip(shape, spacing, strict=True)]
    x, y, z = np.meshgrid(*places, indexing="ij")
    along, across = x * np.cos(turned) + y * np.sin(turned), y * np.cos(turned) - x * np.sin(turned)
    return (along / radii_mm[0]) ** 2 + (across / radii_mm[1]) ** 2 + (z / radii_mm[2]) ** 2 <= 1


@pytest.mark.parametrize("spacing", [(1, 1, 1), (0.5, 0.5, 6), (1, 2, 3), (2, 0.7, 1)])
@pytest.mark.parametrize("turned", [0.0, 0.4, 1.2, 2.5])
def test_an_ellipsoid_has_its_own_axes(spacing, turned):
    found = largest_diameters(ellipsoid((20, 12, 15), spacing, turned=turned), spacing)
    tolerance = max(spacing[:2])
    assert found.longest_mm == pytest.approx(40, abs=tolerance)
    assert found.across_mm == pytest.approx(24, abs=2 * tolerance)
    assert found.measurable


def test_the_slice_is_that_of_the_middle():
    mask = ellipsoid((20, 12, 15), (1, 1, 1))
    assert largest_diameters(mask, (1, 1, 1)).slice_number == mask.shape[2] // 2 + 1


def test_a_box_has_its_diagonal_as_a_ruler_would_measure_it():
    mask = np.zeros((40, 40, 3), bool)
    mask[5:35, 10:30, 1] = True  # 30 by 20 pixels, measured between the middles of their edges
    found = largest_diameters(mask, (1, 1, 1))
    assert found.longest_mm == pytest.approx(np.hypot(30, 20), abs=1)
    # The longest chord across a rectangle's diagonal: both sides of its height over it.
    assert found.across_mm == pytest.approx(20 / (30 / np.hypot(30, 20)), abs=1.5)
    assert found.slice_number == 2


def test_two_lesions_are_not_measured_as_one():
    mask = np.zeros((60, 20, 1), bool)
    mask[2:12, 5:15] = mask[45:50, 5:10] = True
    assert largest_diameters(mask, (1, 1, 1)).longest_mm < 15


def test_a_ring_is_measured_across_its_hollow():
    solid = ellipsoid((20, 12, 15), (1, 1, 1))
    hollow = solid.copy()
    hollow[tuple(slice(n // 2 - 3, n // 2 + 4) for n in solid.shape)] = False
    assert largest_diameters(hollow, (1, 1, 1)) == largest_diameters(solid, (1, 1, 1))


def test_one_voxel_is_as_long_as_it_is_and_nothing_is_nothing():
    mask = np.zeros((5, 5, 5), bool)
    assert largest_diameters(mask, (1, 1, 1)) is None
    mask[0, 4, 2] = True
    found = largest_diameters(mask, (2, 1, 1))
    assert (found.longest_mm, found.across_mm) == (pytest.approx(2), pytest.approx(1))
    assert not found.measurable
