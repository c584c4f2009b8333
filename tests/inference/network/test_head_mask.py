"""Noise around a head is no tissue; where there is none, nothing is touched."""

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.case import Case
from inference.geometry.native_grid import NativeGrid
from inference.network.head_mask import head_in_air
from inference.network.preprocess import normalise, prepare

SHAPE = (64, 72, 6)


@pytest.fixture
def head() -> np.ndarray:
    """(X, Y, Z) bool: an ellipse in every slice."""
    x, y = np.ogrid[:64, :72]
    ellipse = ((x - 31) / 22) ** 2 + ((y - 36) / 28) ** 2 < 1
    return np.repeat(ellipse[..., None], SHAPE[2], axis=2)


@pytest.fixture
def images(head) -> np.ndarray:
    """(4, X, Y, Z): tissue of about 300 with a dark ring in it, as bone is, before 0."""
    random = np.random.default_rng(1)
    images = np.where(head, random.normal(300, 40, (4, *SHAPE)), 0).astype(np.float32)
    images[:, 31, 20:30] = 5  # a sinus
    return images


def noisy(images: np.ndarray, amplitude: float, offset: float = 0) -> np.ndarray:
    random = np.random.default_rng(2)
    return np.where(images, images, random.uniform(0, amplitude, images.shape) + offset).astype(
        np.float32
    )


@pytest.mark.parametrize("amplitude", [2, 20])
def test_the_head_is_found_in_noise(images, head, amplitude):
    found = head_in_air(noisy(images, amplitude))
    assert np.count_nonzero(found ^ head) < 0.01 * np.count_nonzero(head)


def test_air_of_one_value_is_air_too(images, head):
    found = head_in_air(noisy(images, 1, offset=60))
    assert np.count_nonzero(found ^ head) < 0.01 * np.count_nonzero(head)


def test_what_the_head_encloses_belongs_to_it(images):
    assert head_in_air(noisy(images, 20))[31, 20:30].all()


def test_specks_beside_the_head_are_none_of_it(images):
    scan = noisy(images, 10)
    scan[:, 2:5, 2:4] = 200
    assert not head_in_air(scan)[:6, :6].any()


@pytest.mark.parametrize("chosen", [slice(None), slice(0, 1)])
def test_noise_in_a_round_field_of_view_is_air_too(images, head, chosen):
    """Seen failing: its corners are 0, so that all of the noise counted as head."""
    x, y = np.ogrid[:64, :72]
    field = ((x - 31.5) / 32) ** 2 + ((y - 35.5) / 36) ** 2 < 1
    scan = (noisy(images, 20) * field[..., None])[chosen]
    found = head_in_air(scan)
    assert np.count_nonzero(found ^ head) < 0.02 * np.count_nonzero(head)


def test_dark_tissue_at_the_rim_of_a_brain_is_tissue(images, head):
    """Fluid around a shrunken brain is dark on FLAIR, and belongs to it."""
    x, y = np.ogrid[:64, :72]
    inner = ((x - 31) / 19) ** 2 + ((y - 36) / 25) ** 2 < 1
    scan = images[:1].copy()
    scan[0, head & ~inner[..., None]] = 12
    assert head_in_air(scan) is None


def test_one_slice_of_the_crown_is_tissue_beside_its_brightest_specks():
    """Seen failing without a least size: the specks alone were the head."""
    x, y = np.ogrid[:64, :72]
    crown = ((x - 31) / 20) ** 2 + ((y - 36) / 20) ** 2 < 1
    scan = np.where(crown, np.float32(12), 0)[None, ..., None]
    scan[0, 24:36, 30:42] = 300
    assert head_in_air(scan) is None


def test_a_background_of_0_is_left_alone(images):
    assert head_in_air(images) is None


def test_a_few_stray_voxels_are_left_alone(images):
    images[0, :3, 0] = 250
    assert head_in_air(images) is None


def test_a_part_cut_out_of_a_head_is_all_tissue():
    scan = np.random.default_rng(3).normal(300, 40, (4, *SHAPE)).astype(np.float32)
    assert head_in_air(scan) is None


def test_the_unit_does_not_matter(images):
    scan = noisy(images, 20)
    np.testing.assert_array_equal(head_in_air(normalise(scan)), head_in_air(scan))


def test_what_a_network_reads_is_counted_without_air(images, head):
    """Seen failing with all that is not 0 as tissue: a head of twice its size."""
    grid = NativeGrid.of(nib.Nifti1Image(images[0], np.eye(4)))
    quiet, loud = (
        prepare(Case("P1", scan, MODALITIES, grid)) for scan in (images, noisy(images, 20))
    )
    assert np.count_nonzero(quiet.tissue) == np.count_nonzero(head)
    assert np.count_nonzero(loud.tissue) == pytest.approx(np.count_nonzero(head), rel=0.01)
    assert np.count_nonzero(loud.slices.any(axis=1)) > 2 * np.count_nonzero(head)


def test_a_single_slice_has_air_too(images):
    one = noisy(images, 20)[..., :1]
    inside = np.count_nonzero(images[0, ..., 0])
    assert np.count_nonzero(head_in_air(one)) == pytest.approx(inside, rel=0.02)
