import numpy as np
import pytest
from scipy import ndimage

from training.data.volume.mask_errors import BITE_RADIUS_MM, RIM_MM, bite_taken, rim_left
from training.data.volume.tissue import ball

SPACING = np.array([1.0, 1.0, 2.0])
CENTRE = np.array([40, 40, 20])


@pytest.fixture
def head():
    """Two modalities of a ball of 25 mm, 100 to 200, the third missing; all of it tumour."""
    brain = ball((80, 80, 40), CENTRE, 25, SPACING)
    random = np.random.default_rng(0)
    volume = np.zeros((3, *brain.shape), np.float32)
    volume[:2, brain] = random.uniform(100, 200, (2, brain.sum()))
    return volume, brain.astype(np.uint8) * np.uint8(2)


def test_a_ball_holds_what_is_near_in_millimetres():
    found = ball((9, 9, 9), np.array([4, 4, 4]), 2.0, np.array([1.0, 1.0, 2.0]))
    assert found[4, 4].tolist() == [False] * 3 + [True] * 3 + [False] * 3
    assert found[4, :, 4].sum() == 5


@pytest.mark.parametrize("seed", range(5))
def test_a_bite_is_out_of_every_modality_and_of_the_truth(head, seed):
    volume, truth = head
    bitten, left = bite_taken(volume, truth, SPACING, np.random.default_rng(seed))
    gone = (volume[0] != 0) & (bitten[0] == 0)
    assert gone.any()
    np.testing.assert_array_equal(gone, (volume[1] != 0) & (bitten[1] == 0))
    np.testing.assert_array_equal(bitten[:2, ~gone], volume[:2, ~gone])
    assert not left[gone].any()
    np.testing.assert_array_equal(left[~gone], truth[~gone])
    assert gone.sum() * SPACING.prod() < 4 / 3 * np.pi * BITE_RADIUS_MM[1] ** 3
    assert ndimage.label(gone)[1] == 1
    assert (ndimage.binary_dilation(gone) & (volume[0] == 0)).any(), "a bite is at the surface"
    assert volume[0].any()
    assert truth.any()


@pytest.mark.parametrize("seed", range(5))
def test_a_rim_lies_around_a_part_of_the_brain_which_stays(head, seed):
    volume, _ = head
    left = rim_left(volume, SPACING, np.random.default_rng(seed))
    brain = volume[0] != 0
    np.testing.assert_array_equal(left[:, brain], volume[:, brain])
    rim = (left[0] != 0) & ~brain
    away = ndimage.distance_transform_edt(~brain, sampling=SPACING)
    assert 0 < away[rim].max() <= RIM_MM[1]
    assert rim.sum() < ((away > 0) & (away <= RIM_MM[1])).sum(), "all around is another mask"
    np.testing.assert_array_equal(left[1] != 0, left[0] != 0)
    assert not left[2].any(), "a modality that is missing has no skull either"
    assert 50 < left[0][rim].mean() < 250


def test_the_same_seed_makes_the_same_mistake(head):
    volume, truth = head
    first, again, other = (
        bite_taken(volume, truth, SPACING, np.random.default_rng(seed))[0] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
