import numpy as np
import pytest
from scipy import ndimage

from training.data.volume.misalign import SHIFT_MM, misaligned, shifted

SPACING = np.array([1.0, 1.0, 1.0])


def blob() -> np.ndarray:
    """(4, 32, 32, 32) a soft ball of 10 mm in every modality but the third."""
    axes = np.ogrid[:32, :32, :32]
    away = np.sqrt(sum((axis - 16.0) ** 2 for axis in axes))
    image = np.where(away < 10, 200 - 10 * away, 0).astype(np.float32)
    volume = np.stack([image] * 4)
    volume[2] = 0
    return volume


def test_whole_voxels_move_as_they_are():
    image = np.zeros((6, 6, 6), np.float32)
    image[2:4, 2:4, 2:4] = np.arange(1, 9).reshape(2, 2, 2)
    moved = shifted(image, np.array([1, 0, -2]))
    np.testing.assert_allclose(moved[3:5, 2:4, 0:2], image[2:4, 2:4, 2:4], rtol=1e-6)
    assert np.count_nonzero(moved) == 8


def test_the_edge_is_not_darkened_by_the_background():
    image = np.zeros((8, 8, 8), np.float32)
    image[2:6, 2:6, 2:6] = 7
    moved = shifted(image, np.array([0.4, 0, 0]))
    np.testing.assert_allclose(moved[moved != 0], 7, rtol=1e-5)


@pytest.mark.parametrize("seed", range(6))
def test_each_modality_but_one_moves_by_one_to_two_millimetres(seed):
    volume = blob()
    moved = misaligned(volume, SPACING, np.random.default_rng(seed))
    ways = [
        np.linalg.norm(np.subtract(*map(ndimage.center_of_mass, (moved[n], volume[n]))))
        for n in (0, 1, 3)
    ]
    assert sorted(ways)[0] == 0
    assert all(SHIFT_MM[0] - 0.1 < way < SHIFT_MM[1] + 0.1 for way in sorted(ways)[1:])
    assert not moved[2].any()


def test_the_shift_is_in_millimetres():
    volume = blob()
    thick = misaligned(volume, np.array([1.0, 1.0, 100.0]), np.random.default_rng(3))
    ways = [
        np.abs(np.subtract(*map(ndimage.center_of_mass, (thick[n], volume[n]))))[2]
        for n in (0, 1, 3)
    ]
    assert max(ways) < 0.05


def test_the_same_seed_moves_alike():
    first, again, other = (
        misaligned(blob(), SPACING, np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
