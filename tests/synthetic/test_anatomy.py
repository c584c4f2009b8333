import numpy as np
from scipy import ndimage


def test_the_mask_is_one_piece_of_adult_size(grid, anatomy):
    assert ndimage.label(anatomy.mask)[1] == 1
    assert 1300 < anatomy.mask.sum() * grid.voxel_volume_ml < 1800


def test_memberships_are_shares(anatomy):
    for name, share in anatomy.tissues.items():
        assert share.min() >= 0, name
        assert share.max() <= 1, name
        assert share.max() > 0.3, name
    assert np.abs(anatomy.share(*anatomy.tissues)).max() <= 1 + 1e-5


def test_volumes_of_white_grey_and_fluid_are_those_of_an_adult(grid, anatomy):
    inside = anatomy.mask
    white, grey = (anatomy.share(name)[inside].sum() for name in ("white", "grey"))
    tissue = anatomy.share(*[name for name in anatomy.tissues if name != "csf"])[inside].sum()
    total = inside.sum()
    assert 0.25 < white / total < 0.5
    assert 0.2 < grey / total < 0.45
    assert 0.08 < 1 - tissue / total < 0.25


def test_both_sides_hold_about_the_same(grid, anatomy):
    left, right = (anatomy.mask[grid.axis(0) * sign > 0].sum() for sign in (-1, 1))
    assert 0.9 < left / right < 1.1
