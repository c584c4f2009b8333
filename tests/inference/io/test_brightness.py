"""Brightness: shifted, scaled, inverted and damaged images reach the network as the original."""

import nibabel as nib
import numpy as np
import pytest

from inference.io.brightness import background_level, settle_brightness
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from inference.io.inspection import inspect_file
from inference.network.preprocess import prepare
from tests.conftest import ROOT

SAMPLE = ROOT / "assets/sample/synthetic_glioma/synthetic_glioma_t1ce.nii.gz"
CROP = np.s_[40:200, 36:216, 76:100]


@pytest.fixture(scope="module")
def original():
    """Some slices of the sample's T1c, float32, background 0."""
    return np.asarray(nib.load(SAMPLE).dataobj)[CROP].astype(np.float32)


@pytest.fixture
def read(write_nifti):
    def read(image, *, slope_inter=None):
        edit = (lambda header: header.set_slope_inter(*slope_inter)) if slope_inter else None
        path = write_nifti("x_t1ce.nii", image, edit=edit)
        return read_case(CaseFiles("x", {"t1c": path})), path

    return read


def z_scored(image, outside):
    tissue = image[image != 0]
    return np.where(image != 0, (image - tissue.mean()) / tissue.std(), outside).astype(np.float32)


SHIFTED = {
    "z-scored, -9": lambda im: z_scored(im, -9),
    "z-scored, minimum": lambda im: z_scored(im, z_scored(im, 0).min()),
    "-1": lambda im: np.where(im != 0, im, -1),
    "-1024": lambda im: np.where(im != 0, im, -1024),
    "-1 to 1": lambda im: im / im.max() * 2 - 1,
    "plus 1000": lambda im: im + 1000,
    "16 bits": lambda im: (im.astype(np.int32) - 32768).astype(np.int16),
}


def same_input(case, image, read, *, atol=1e-3):
    """Whether the network reads what it reads of the original."""
    expected, _ = read(image)
    given, wanted = prepare(case), prepare(expected)
    assert given.box == wanted.box
    np.testing.assert_allclose(given.slices, wanted.slices, atol=atol)


@pytest.mark.parametrize("how", SHIFTED)
def test_a_constant_around_the_head_is_the_background(original, read, how):
    image = SHIFTED[how](original)
    case, path = read(image.astype(np.float32) if image.dtype != np.int16 else image)
    assert any("around the head was read as its background" in note for note in case.notes)
    assert not any("skull" in note for note in case.notes)
    if how == "z-scored, minimum":
        return  # the darkest tissue became background
    same_input(case, original, read)
    [found] = inspect_file(path)
    assert "skull" not in found.concerns


def test_slope_and_intercept_as_a_scanner_writes_them(original, read):
    case, _ = read(original.astype(np.int16), slope_inter=(2.5, -10))
    same_input(case, original, read)


@pytest.mark.parametrize("how", ["slope", "negative", "8 bits"])
def test_an_inverted_image_is_turned_back_and_questioned(original, read, how):
    if how == "slope":
        case, _ = read(original.astype(np.int16), slope_inter=(-1, 0))
    elif how == "negative":
        case, _ = read(original.max() - original)
    else:
        case, _ = read(np.uint8(255) - original.astype(np.uint8))
    assert any("read as inverted" in note for note in case.notes)
    same_input(case, original, read)


@pytest.mark.parametrize(("value", "count"), [(32767, 40), (32767, 800), (-32768, 500), (6e4, 2)])
def test_stray_voxels_outside_the_head_are_background(original, read, value, count):
    image = original.copy()
    empty = np.flatnonzero(image.ravel() == 0)
    chosen = np.random.default_rng(0).choice(empty, count, replace=False)
    image.ravel()[chosen] = value
    case, _ = read(image)
    assert any("far brighter than it" in note for note in case.notes)
    # A few touch the head itself, where only its own neighbours could tell them from a vessel.
    given, wanted = prepare(case), prepare(read(original)[0])
    box = given.box
    assert box == wanted.box
    close = np.isclose(given.slices, wanted.slices, atol=0.01)
    assert close.mean() > 0.999


@pytest.mark.parametrize("factor", [1e-7, 1e-10, 1e-30, 1e6])
def test_the_unit_of_brightness_does_not_matter(original, read, factor):
    case, _ = read((original.astype(np.float64) * factor).astype(np.float32))
    same_input(case, original, read)


def test_a_tiny_slope(original, read):
    case, _ = read(original.astype(np.int16), slope_inter=(1e-10, 0))
    same_input(case, original, read)


# --- what is left as it is ------------------------------------------------------------------

UNTOUCHED = {
    "as BraTS prepares it": lambda im: im,
    "z-scored on 0": lambda im: z_scored(im, 0),
    "some negative tissue": lambda im: np.where((im > 0) & (im < 30), -5, im),
    "noise around": lambda im: (
        im + np.random.default_rng(1).rayleigh(3, im.shape).astype(np.float32)
    ),
    "vessels": lambda im: np.where(im > np.percentile(im[im > 0], 99.9), im * 5, im),
    "0 to 1": lambda im: im / im.max(),
}


@pytest.mark.parametrize("how", UNTOUCHED)
def test_other_images_stay_bit_for_bit(original, how):
    image = UNTOUCHED[how](original).astype(np.float32)
    settled = image.copy()
    assert settle_brightness(settled, name="x") == []
    np.testing.assert_array_equal(settled, image)


def test_a_white_frame_is_no_background(original):
    framed = np.full((200, 220, 24), 255, np.float32)
    framed[20:180, 20:200] = original
    assert background_level(framed) == 0
