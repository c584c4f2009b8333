import numpy as np
import pytest

from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import (
    brain_box,
    from_slices,
    normalise,
    prepare,
    to_slices,
    uncrop,
    working_size,
)
from inference.network.working_scale import Sampling


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


@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.8, 1.25), (1.25, 0.9)])
def test_pixels_near_1_mm_stay(spacing):
    assert working_size((160, 140), spacing) is None


def test_other_pixels_are_brought_to_1_mm():
    assert working_size((320, 280), (0.5, 0.5)) == (160, 140)
    assert working_size((80, 70), (2.0, 2.0)) == (160, 140)
    assert working_size((160, 280), (1.0, 0.5)) == (160, 140), "a pixel need not be square"


def test_a_picture_of_unknown_size_is_brought_to_the_length_of_a_head():
    assert working_size((240, 200), None) is None
    assert working_size((680, 400), None) == (170, 100)
    assert working_size((85, 60), None) == (170, 120)


def test_what_would_be_too_large_for_a_head_is_left():
    assert working_size((300, 200), (3.0, 3.0)) is None


def test_a_case_says_how_large_its_slices_are(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        case = read_case(files)
    prepared = prepare(case)
    height, width = prepared.slices.shape[2:]
    across, up, apart = case.spacing
    size = (round(height * up), round(width * across))
    assert prepared.sampling == Sampling(size, apart)
