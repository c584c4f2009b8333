"""Means over larger voxels: exact, whatever the ratio, and nothing invented at an edge."""

import numpy as np
import pytest

from inference.geometry.averaging import PlaneAverager, PlanePicker, area_weights, most_common


def shrunk(volume, want, kind=PlaneAverager):
    taker = kind(volume.shape, want)
    planes = [taker.add(plane) for plane in np.moveaxis(volume, 2, 0)]
    return np.stack([plane for plane in planes if plane is not None], axis=-1)


def by_hand(volume, want):
    """Every voxel cut into parts that fit both grids, and their means."""
    for axis, size in enumerate(want):
        parts = np.repeat(volume, size, axis=axis)
        shape = (*parts.shape[:axis], size, -1, *parts.shape[axis + 1 :])
        volume = parts.reshape(shape).mean(axis=axis + 1)
    return volume


@pytest.mark.parametrize("want", [(4, 3, 5), (8, 6, 10), (5, 4, 7), (8, 3, 9), (1, 1, 1)])
def test_means_are_exact(want):
    volume = np.random.default_rng(0).uniform(1, 2, (8, 6, 10)).astype(np.float32)
    np.testing.assert_allclose(shrunk(volume, want), by_hand(volume, want), rtol=1e-5)


@pytest.mark.parametrize(("have", "want"), [(512, 241), (7, 7), (9, 2)])
def test_every_voxel_counts_alike(have, want):
    weights = area_weights(have, want)
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(weights.sum(axis=0), want / have, rtol=1e-5)


@pytest.mark.parametrize("background", [0.0, -1024.0])
def test_the_edge_of_tissue_is_not_darkened(background):
    volume = np.full((12, 12, 12), background, np.float32)
    volume[4:9, 3:9, 2:9] = 100
    found = shrunk(volume, (5, 5, 5))
    assert set(np.unique(found.round(3))) == {background, 100}
    assert (found == background).sum() > 60  # to the bit


def test_what_has_no_value_stays_without():
    volume = np.ones((8, 8, 8), np.float32)
    volume[1, 1, 1], volume[6, 6, 6] = np.nan, np.inf
    found = shrunk(volume, (4, 4, 4))
    assert np.isnan(found[0, 0, 0])
    assert np.isinf(found[3, 3, 3])
    assert np.isfinite(found).sum() == 62


def test_labels_are_picked_not_mixed():
    volume = np.random.default_rng(0).choice([0, 1, 2, 4], (9, 8, 7)).astype(np.float32)
    found = shrunk(volume, (5, 4, 3), PlanePicker)
    assert found.shape == (5, 4, 3)
    assert found[2, 2, 1] == volume[4, 5, 3]


def test_half_of_a_voxel_makes_a_label_and_the_most_of_it_which():
    numbers = np.zeros((4, 4, 4), np.uint8)
    numbers[:2, :2, :2] = [[[1, 1], [1, 2]], [[2, 0], [0, 0]]]
    numbers[2, 2, 2] = 3
    found = most_common(numbers, (2, 2, 2))
    assert found[0, 0, 0] == 1
    assert np.count_nonzero(found) == 1
    assert not most_common(np.zeros((4, 4, 4), np.uint8), (2, 2, 2)).any()
