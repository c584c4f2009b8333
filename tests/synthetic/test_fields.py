import numpy as np

from synthetic.fields import band_noise, ramp, sample, smooth_noise
from synthetic.grid import HEAD_BOX, brats_grid


def test_smooth_noise_has_unit_variance(grid):
    field = smooth_noise(grid, scale=4, seed=0, name="a")
    assert field.shape == grid.shape
    assert abs(field.mean()) < 0.1
    assert abs(field.std() - 1) < 0.1


def test_smooth_noise_is_the_same_field_on_any_grid(grid):
    coarse = brats_grid((48, 48, 31)).window(HEAD_BOX)[0]
    fine = smooth_noise(grid, scale=15, seed=3, name="a")
    points = list(np.meshgrid(*[coarse.axis(n) for n in range(3)], indexing="ij"))
    expected = smooth_noise(coarse, scale=15, seed=3, name="a")
    inner = (slice(2, -2),) * 3
    np.testing.assert_allclose(sample(fine, grid, points)[inner], expected[inner], atol=0.05)


def test_name_and_seed_choose_the_field(grid):
    first = smooth_noise(grid, scale=8, seed=0, name="a")
    np.testing.assert_array_equal(first, smooth_noise(grid, scale=8, seed=0, name="a"))
    for other in ({"seed": 0, "name": "b"}, {"seed": 1, "name": "a"}):
        assert np.abs(first - smooth_noise(grid, scale=8, **other)).max() > 0.5


def test_band_noise_changes_sign_more_often_than_smooth_noise(grid):
    def changes(field):
        return (np.diff(np.sign(field), axis=0) != 0).mean()

    smooth = smooth_noise(grid, scale=8, seed=0, name="a")
    assert changes(band_noise(grid, scale=8, seed=0, name="a")) > changes(smooth)


def test_ramp_falls_from_one_to_zero():
    share = ramp(np.array([-50.0, -1.0, 0.0, 1.0, 50.0], np.float32), width=1.0)
    np.testing.assert_allclose(share, (1, 0.982, 0.5, 0.018, 0), atol=1e-3)
