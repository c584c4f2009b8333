import numpy as np
import pytest

from training.data.volume.intensities import biased, other_histogram


@pytest.fixture
def image():
    """A cube of 1000 values from -50 to 150 without 0, in a background."""
    image = np.zeros((14, 14, 14), np.float32)
    image[2:12, 2:12, 2:12] = np.linspace(-50, 150, 1000).reshape(10, 10, 10)
    return image


@pytest.mark.parametrize("seed", range(5))
def test_the_histogram_changes_and_the_order_does_not(image, seed):
    changed = other_histogram(image, np.random.default_rng(seed))
    tissue = image != 0
    np.testing.assert_array_equal(changed != 0, tissue)
    before, after = image[tissue], changed[tissue]
    assert (np.diff(after) > 0).all()
    assert after[0] == pytest.approx(before[0], abs=1e-3)
    assert after[-1] == pytest.approx(before[-1], abs=1e-3)
    assert np.abs(after - before).max() > 2


@pytest.mark.parametrize("seed", range(5))
def test_a_field_is_smooth_and_leaves_the_darkest(image, seed):
    """The factor over the signal lies within its limits and changes little from voxel to voxel."""
    changed = biased(image, np.random.default_rng(seed))
    tissue = image != 0
    np.testing.assert_array_equal(changed != 0, tissue)
    assert changed.min() == image.min()
    inside = (slice(3, 12),) + (slice(2, 12),) * 2
    factor = (changed[inside] + 50) / (image[inside] + 50)
    assert factor.min() > 0.69
    assert factor.max() < 1.31
    assert np.ptp(factor) > 0.05
    steps = [np.abs(np.diff(factor, axis=axis)).max() for axis in range(3)]
    assert max(steps) < 0.2


def test_one_value_stays_one_value_and_nothing_stays_nothing():
    even = np.zeros((4, 4, 4), np.float32)
    for change in (other_histogram, biased):
        assert not change(even, np.random.default_rng(0)).any()
    even[1:3] = 9
    np.testing.assert_array_equal(other_histogram(even, np.random.default_rng(0)), even)


@pytest.mark.parametrize("change", [other_histogram, biased])
def test_the_same_seed_changes_alike(change, image):
    first, again, other = (change(image, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
