import numpy as np
import pytest

from common.labels import labels_to_regions, regions_to_labels
from inference.metrics import region_dice
from inference.preparation.native_space import box_on, labels_on, part_of, shares_on
from inference.preparation.template import grid_of
from tests.inference.motions import rigid

FINE = grid_of((40, 40, 40), np.diag([1.0, 1.0, 1.0, 1.0]))


def ball(grid, centre, radius_mm):
    """(X, Y, Z) uint8: necrosis in a shell of enhancement in oedema."""
    axes = np.meshgrid(*[np.arange(size) for size in grid.ras_shape], indexing="ij")
    places = np.stack([*axes, np.ones(grid.ras_shape)], axis=-1) @ grid.ras_affine.T
    away = np.linalg.norm(places[..., :3] - centre, axis=-1)
    labels = np.zeros(grid.ras_shape, np.uint8)
    for share, label in ((1, 2), (0.7, 3), (0.4, 1)):
        labels[away < radius_mm * share] = label
    return labels


def test_the_same_grid_gives_the_same_labels():
    labels = ball(FINE, (20, 20, 20), 12)
    np.testing.assert_array_equal(labels_on(labels, of=FINE, onto=FINE, motion=np.eye(4)), labels)


@pytest.mark.parametrize("thick", [(1, 1, 4), (4, 1, 1), (2, 3, 2)])
def test_a_thick_voxel_has_the_label_of_most_of_it(thick):
    affine = np.diag([*map(float, thick), 1.0])
    affine[:3, 3] = (np.array(thick) - 1) / 2
    coarse = grid_of(tuple(40 // size for size in thick), affine)
    labels = ball(FINE, (19.5, 19.5, 19.5), 15)
    x, y, z = coarse.shape
    whole = (labels > 0)[: x * thick[0], : y * thick[1], : z * thick[2]]
    blocks = whole.reshape(x, thick[0], y, thick[1], z, thick[2])
    share = blocks.mean(axis=(1, 3, 5))
    drawn = labels_on(labels, of=FINE, onto=coarse, motion=np.eye(4)) > 0
    clear = np.abs(share - 0.5) > 0.2
    np.testing.assert_array_equal(drawn[clear], share[clear] > 0.5)


def test_regions_stay_inside_each_other_and_keep_their_volume_through_a_motion():
    centre = np.array([20.0, 20, 20])
    motion = rigid(5, 12, about=centre)
    affine = np.diag([0.9, 0.9, 3.0, 1.0])
    onto = grid_of((60, 60, 24), affine @ np.eye(4) + np.array([[0, 0, 0, -8]] * 3 + [[0] * 4]))
    labels = ball(FINE, centre, 12)
    moved = labels_on(labels, of=FINE, onto=onto, motion=motion)
    true = ball(onto, (np.linalg.inv(motion) @ np.append(centre, 1))[:3], 12)
    assert min(region_dice(moved, true).values()) > 0.85
    volume = 0.9 * 0.9 * 3.0
    assert (moved > 0).sum() * volume == pytest.approx((labels > 0).sum(), rel=0.03)


def test_shares_lie_between_0_and_1_and_are_0_outside():
    region = np.ones((1, 40, 40, 40), np.float32)
    onto = grid_of((50, 40, 10), np.diag([1.0, 1.0, 4.0, 1.0]))
    shares = shares_on(region, of=FINE, onto=onto, motion=np.eye(4))
    assert shares.min() == 0
    assert shares.max() == pytest.approx(1)
    assert not shares[0, 41:].any()


def whole_labels_on(labels, *, of, onto, motion):
    shares = shares_on(
        labels_to_regions(labels).astype(np.float32), of=of, onto=onto, motion=motion
    )
    return regions_to_labels(shares >= 0.5)


@pytest.mark.parametrize("centre", [(20, 20, 20), (1, 38, 3), (60, 60, 60)])
def test_reading_only_where_something_was_drawn_changes_nothing(centre):
    motion = rigid(7, 20, about=np.array([20.0, 20, 20]))
    onto = grid_of((60, 60, 24), np.diag([0.9, 0.9, 3.0, 1.0]))
    labels = ball(FINE, centre, 9)
    way = {"of": FINE, "onto": onto, "motion": motion}
    np.testing.assert_array_equal(labels_on(labels, **way), whole_labels_on(labels, **way))


def test_probabilities_are_those_of_the_whole_volume_inside_their_box():
    motion = rigid(7, 20, about=np.array([20.0, 20, 20]))
    onto = grid_of((60, 60, 24), np.diag([0.9, 0.9, 3.0, 1.0]))
    box = (slice(5, 30), slice(0, 22), slice(11, 40))
    maps = np.zeros((1, *FINE.shape), np.float32)
    maps[(slice(None), *box)] = np.random.default_rng(0).random((25, 22, 29))
    whole = shares_on(maps, of=FINE, onto=onto, motion=motion)
    there = box_on(box, of=FINE, onto=onto, motion=motion)
    inside = shares_on(
        maps[(slice(None), *box)], of=part_of(FINE, box), onto=part_of(onto, there), motion=motion
    )
    np.testing.assert_allclose(inside, whole[(slice(None), *there)], atol=1e-5)
    whole[(slice(None), *there)] = 0
    assert not whole.any()


def test_what_another_grid_does_not_cover_leaves_it_empty():
    far = np.diag([1.0, 1.0, 1.0, 1.0])
    far[:3, 3] = 500
    onto = grid_of((10, 10, 10), far)
    labels = ball(FINE, (20, 20, 20), 9)
    assert not labels_on(labels, of=FINE, onto=onto, motion=np.eye(4)).any()
