import numpy as np
import pytest

from common.labels import labels_to_regions, regions_to_labels
from synthetic import make_case


@pytest.mark.parametrize("shape", [(64, 64, 32), (96, 80, 50)])
def test_shape_types_and_range(shape):
    case = make_case(shape=shape)
    assert case.volume.shape == (4, *shape)
    assert case.truth.shape == shape
    assert case.volume.dtype == case.truth.dtype == np.uint8
    assert set(np.unique(case.truth)) == {0, 1, 2, 3}


def test_the_same_seed_gives_the_same_case(case):
    again = make_case(shape=case.truth.shape)
    np.testing.assert_array_equal(again.volume, case.volume)
    np.testing.assert_array_equal(again.truth, case.truth)


def test_another_seed_gives_another_case(case):
    other = make_case(shape=case.truth.shape, seed=1)
    assert (other.volume != case.volume).mean() > 0.1
    assert (other.truth != case.truth).any()


def test_all_modalities_share_one_mask_and_are_zero_outside(case):
    inside = case.volume > 0
    assert (inside == inside[0]).all()
    assert not case.truth[~inside[0]].any()
    assert not inside[0][0].any()
    assert not inside[0][:, 0].any()


def test_the_truth_is_a_label_map_of_nested_regions(case):
    regions = labels_to_regions(case.truth)
    np.testing.assert_array_equal(regions_to_labels(regions), case.truth)
    voxels = regions.sum(axis=(1, 2, 3))
    assert voxels[0] > voxels[1] > voxels[2] > 0


def test_the_rim_encloses_the_necrotic_core(case):
    necrosis = case.truth == 1
    beside = np.zeros_like(necrosis)
    for axis in range(3):
        for step in (-1, 1):
            beside |= np.roll(necrosis, step, axis)
    beside &= ~necrosis
    assert np.isin(case.truth[beside], (3,)).mean() > 0.9


@pytest.mark.parametrize("seed", range(4))
def test_every_seed_gives_a_whole_case(seed):
    case = make_case(shape=(64, 64, 32), seed=seed)
    assert set(np.unique(case.truth)) == {0, 1, 2, 3}
    ml = np.abs(np.linalg.det(case.affine[:3, :3])) / 1000
    assert 1250 < (case.volume[0] > 0).sum() * ml < 1850
    assert 55 < (case.truth > 0).sum() * ml < 110


def test_left_is_left(case):
    """The tumour of seed 0 sits on the side its plan says, by the affine and not by the array."""
    from synthetic.tumour import make_plan

    voxel = np.argwhere(case.truth > 0).mean(axis=0)
    middle = np.argwhere(case.volume[0] > 0).mean(axis=0)
    to_right = (case.affine[:3, :3] @ (voxel - middle))[0]
    assert np.sign(to_right) == np.sign(make_plan(seed=0).centre[0])
