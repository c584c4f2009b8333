import numpy as np

from inference.preparation.interpolation import field_of_view, read_once
from inference.preparation.template import grid_of

FINE = grid_of((64, 64, 64), np.diag([0.5, 0.5, 0.5, 1.0]))
COARSE = grid_of((32, 32, 32), np.diag([1.0, 1.0, 1.0, 1.0]))


def test_what_is_finer_is_smoothed_before_it_is_read():
    stripes = np.zeros((64, 64, 64), np.float32)
    stripes[::2] = 1
    read = read_once(stripes, of=FINE, onto=COARSE, motion=np.eye(4))
    plain = stripes[::2, ::2, ::2]
    assert plain.std() == 0
    assert abs(read[4:-4].mean() - 0.5) < 0.15


def test_what_is_as_coarse_is_read_as_it_is():
    image = np.random.default_rng(0).uniform(size=(32, 32, 32)).astype(np.float32)
    np.testing.assert_allclose(
        read_once(image, of=COARSE, onto=COARSE, motion=np.eye(4)), image, atol=1e-6
    )


def test_the_field_of_view_follows_the_motion():
    motion = np.eye(4)
    motion[0, 3] = 10
    seen = field_of_view(of=COARSE, onto=COARSE, motion=motion)
    assert seen[:22].all()
    assert not seen[22:].any()
