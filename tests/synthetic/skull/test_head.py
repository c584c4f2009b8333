import numpy as np
import pytest
from scipy import ndimage

from common.vocabulary import MODALITIES
from synthetic.case import make_case
from synthetic.skull import make_head


@pytest.fixture(scope="module")
def head():
    return make_head(spacing=2.5)


def test_the_brain_and_tumour_are_those_of_the_case_with_the_same_seed(head):
    case = make_case(shape=(96, 96, 62))
    for whole, mine in ((case.truth > 0, head.truth > 0), (case.volume[0] > 0, head.brain)):
        voxel = np.prod(np.diag(case.affine)[:3])
        assert mine.sum() * 2.5**3 == pytest.approx(whole.sum() * voxel, rel=0.03)


def test_bone_is_dark_around_the_brain_and_fat_is_bright_around_bone(head):
    t1 = head.signal[MODALITIES.index("t1")]
    distance = ndimage.distance_transform_edt(~head.brain, sampling=head.grid.spacing)
    z = np.broadcast_to(head.grid.points[2], t1.shape)
    above = z > 30
    brain = np.median(t1[head.brain & above])
    assert t1[above & (distance > 3) & (distance < 5)].mean() < 0.7 * brain
    assert np.percentile(t1[above & (distance > 8) & (distance < 14)], 75) > 1.3 * brain


def test_air_outside_gives_no_signal(head):
    assert head.signal[:, 0, 0].max() < 1e-3
    assert head.signal[:, :, :5, -5:].max() < 1e-3


def test_eyes_are_bright_on_t2_and_dark_on_flair(head):
    x, y, z = (np.broadcast_to(p, head.truth.shape) for p in head.grid.points)
    eye = (np.abs(x) - 32) ** 2 + (y - 65) ** 2 + (z + 39) ** 2 < 6**2
    t2, flair = (head.signal[MODALITIES.index(name)][eye].mean() for name in ("t2", "flair"))
    assert t2 > 4 * flair


def test_another_seed_is_another_head(head):
    assert (make_head(spacing=2.5, seed=1).brain != head.brain).mean() > 0.005
