import numpy as np
import pytest

from inference.preprocess import brain_box, from_slices, normalise, to_slices, uncrop


@pytest.fixture
def volume():
    random = np.random.default_rng(0)
    volume = np.zeros((4, 12, 14, 10), np.float32)
    volume[:, 2:9, 3:13, 1:8] = random.normal(300, 50, (4, 7, 10, 7))
    return volume


def test_box_holds_the_brain_and_no_more(volume):
    assert brain_box(volume) == (slice(2, 9), slice(3, 13), slice(1, 8))


def test_box_counts_tissue_of_any_modality(volume):
    volume[2, 11, 3, 1] = -4  # tissue can be negative
    assert brain_box(volume)[0] == slice(2, 12)


def test_box_of_an_empty_volume_is_one_voxel():
    assert brain_box(np.zeros((4, 3, 3, 3))) == (slice(0, 1),) * 3


def test_normalised_tissue_has_mean_0_and_deviation_1(volume):
    normalised = normalise(volume)
    for channel, image in zip(normalised, volume, strict=True):
        tissue = channel[image != 0]
        assert tissue.mean() == pytest.approx(0, abs=1e-3)
        assert tissue.std() == pytest.approx(1, abs=1e-3)
        assert not channel[image == 0].any()


@pytest.mark.parametrize(("scale", "shift"), [(100, 0), (0.01, 0), (1, 5000)])
def test_the_scanner_units_do_not_matter(volume, scale, shift):
    other = np.where(volume != 0, volume * scale + shift, 0).astype(np.float32)
    np.testing.assert_allclose(normalise(other), normalise(volume), atol=2e-3)


def test_a_missing_modality_stays_zero(volume):
    volume[1] = 0
    normalised = normalise(volume)
    assert not normalised[1].any()
    assert normalised[0].any()


def test_one_hot_voxel_does_not_move_the_rest():
    image = np.random.default_rng(0).normal(300, 50, (1, 30, 30, 30)).astype(np.float32)
    before = normalise(image)
    image[0, 4, 4, 4] = 1e6
    after = normalise(image)
    after[0, 4, 4, 4] = before[0, 4, 4, 4]
    assert np.abs(after - before).max() < 0.05


def test_constant_tissue_gives_no_nan():
    image = np.zeros((1, 5, 5), np.float32)
    image[0, 1:4, 1:4] = 7
    assert not normalise(image).any()


def test_slices_stand_as_they_are_looked_at():
    """Row 0 is anterior, column 0 is the patient's right: RAS+ grows to right and anterior."""
    volume = np.zeros((1, 5, 6, 3), np.float32)
    volume[0, 4, 5, 2] = 1  # most right, most anterior, most superior
    slices = to_slices(volume)
    assert slices.shape == (3, 1, 6, 5)
    assert slices[2, 0, 0, 0] == 1


def test_slices_go_back_exactly(volume):
    np.testing.assert_array_equal(from_slices(to_slices(volume)), volume)


def test_uncrop_undoes_the_crop(volume):
    box = brain_box(volume)
    np.testing.assert_array_equal(uncrop(volume[0][box], box, volume.shape[1:]), volume[0])
