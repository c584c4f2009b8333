"""Registration: a known motion is found again, and what cannot be found is said."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import nibabel as nib
import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.geometry.native_grid import NativeGrid
from inference.geometry.registration import (
    _UNIT_MM,
    Motion,
    NotAlignedError,
    _check,
    _picture,
    find_motion,
)
from inference.geometry.resampling import resample_image
from synthetic import make_case
from tests.conftest import ROOT
from tests.inference.motions import centre_of, moved_grid, rigid

SHAPE = (64, 64, 42)


@pytest.fixture(scope="module")
def head():
    """Of each modality its (X, Y, Z) float32, and their grid with voxels of 3.7 mm."""
    case = make_case(shape=SHAPE)
    images = dict(zip(MODALITIES, case.volume.astype(np.float32), strict=True))
    return images, NativeGrid(SHAPE, case.affine, nib.Nifti1Header())


def found_motion(head, modality, *, of=None, image=None, anywhere=False):
    images, grid = head
    image = images[modality] if image is None else image
    at = {"of": of or grid, "reference": images["t1c"], "onto": grid}
    return find_motion(image, **at, anywhere=anywhere)


def assert_is(found, true, centre):
    """Right to 1 mm at the centre of the head and to 1 degree."""
    error = np.linalg.inv(true) @ found.matrix
    off = nib.affines.apply_affine(error, centre) - centre
    assert np.linalg.norm(off) < 1
    assert np.degrees(np.arccos(min((np.trace(error[:3, :3]) - 1) / 2, 1))) < 1


@pytest.mark.parametrize("modality", ["t1", "t2", "flair"])
def test_a_motion_that_the_header_does_not_know_is_found(head, modality):
    images, grid = head
    centre = centre_of(images["t1c"], grid)
    true = rigid(6, 5, about=centre)
    found = found_motion(head, modality, of=moved_grid(grid, true))
    assert_is(found, true, centre)
    assert found.shift_mm == pytest.approx(6, abs=1)
    assert found.turn_degrees == pytest.approx(5, abs=1)
    assert not found.negligible


def test_a_motion_within_one_grid_is_found_and_undone(head):
    images, grid = head
    centre = centre_of(images["t1c"], grid)
    true = rigid(10, 8, about=centre)
    moved = resample_image(images["flair"], of=grid, onto=grid, motion=np.linalg.inv(true))
    found = found_motion(head, "flair", image=moved)
    assert_is(found, true, centre)
    back = resample_image(moved, of=grid, onto=grid, motion=found.matrix)
    inside = images["flair"] != 0
    off, off_before = (np.abs(each - images["flair"])[inside].mean() for each in (back, moved))
    assert off < off_before / 2
    assert np.count_nonzero((back != 0) != inside) < 0.05 * np.count_nonzero(inside)


def test_thick_slices_turned_to_other_axes_are_found(head):
    """As a hospital's FLAIR lies beside its T1c: other axes, other voxels, less of the head."""
    images, grid = head
    centre = centre_of(images["t1c"], grid)
    thick = grid.affine @ nib.affines.from_matvec(np.diag([1.1, 1.1, 1.8]), [1, 2, 3])
    thick = NativeGrid((56, 56, 20), thick, nib.Nifti1Header())
    flair = resample_image(images["flair"], of=grid, onto=thick)
    coronal = nib.affines.from_matvec(np.eye(3)[[0, 2, 1]])
    true = rigid(6, 5, about=centre)
    of = NativeGrid((56, 20, 56), true @ thick.affine @ coronal, nib.Nifti1Header())
    found = found_motion(head, "flair", of=of, image=of.to_ras(flair.swapaxes(1, 2)))
    assert_is(found, true, centre)


def test_aligned_images_are_found_not_to_have_moved(head):
    images, _ = head
    same = found_motion(head, "t1c", image=images["t1c"].copy())
    assert (same.shift_mm, same.turn_degrees) == pytest.approx((0, 0), abs=0.1)
    for found in (same, found_motion(head, "flair")):
        assert found.negligible
        assert found.shift_mm < 1
        assert found.turn_degrees < 1


def test_the_same_images_give_the_same_motion_to_the_last_bit(head):
    images, grid = head
    of = moved_grid(grid, rigid(6, 5, about=centre_of(images["t1c"], grid)))
    alone = found_motion(head, "flair", of=of)
    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(lambda _: found_motion(head, "flair", of=of), range(2)):
            np.testing.assert_array_equal(found.matrix, alone.matrix)


def test_a_turn_larger_than_a_heads_is_refused(head):
    images, grid = head
    of = moved_grid(grid, rigid(0, 32, about=centre_of(images["t1c"], grid)))
    with pytest.raises(NotAlignedError, match=r"moved by \d+ mm and turned by \d+°, more than"):
        found_motion(head, "flair", of=of)


@pytest.mark.slow
def test_what_has_nothing_in_common_is_refused(head):
    noise = np.random.default_rng(0).uniform(1, 2, SHAPE).astype(np.float32)
    with pytest.raises(NotAlignedError, match="too little in common"):
        found_motion(head, "flair", image=noise)


@pytest.mark.parametrize("shift", [50, 1000])
@pytest.mark.parametrize("anywhere", [False, True])
def test_headers_of_two_worlds_are_bridged_by_the_centres_of_mass(head, shift, anywhere):
    images, grid = head
    centre = centre_of(images["t1c"], grid)
    motion = rigid(shift, 6, about=centre)
    found = found_motion(head, "flair", of=moved_grid(grid, motion), anywhere=anywhere)
    assert_is(found, motion, centre)


def test_a_few_slices_are_refused(head):
    images, grid = head
    of = NativeGrid((*SHAPE[:2], 5), grid.affine, nib.Nifti1Header())
    with pytest.raises(NotAlignedError, match="only 5 voxels thick, and at least 8"):
        found_motion(head, "flair", of=of, image=images["flair"][..., 20:25])


def test_a_motion_that_gains_nothing_is_refused():
    large = Motion(rigid(5, 5), shift_mm=5, turn_degrees=5, negligible=False)
    _check(large, 5, 0.5, 0.7)
    with pytest.raises(NotAlignedError, match="no place was found where they fit better"):
        _check(large, 5, 0.5, 0.5)
    _check(Motion(np.eye(4), shift_mm=0.1, turn_degrees=0.1, negligible=True), 0.1, 0.5, 0.5)


def test_places_are_those_of_the_affine():
    """Also where the axes of a header are not at right angles."""
    affine = np.array([[0, -3.2, 0.3, 40], [3.1, 0, 0, -5], [0, 0.3, 4.5, -20], [0, 0, 0, 1.0]])
    grid = NativeGrid((12, 10, 9), affine, nib.Nifti1Header())
    image = np.random.default_rng(0).uniform(1, 2, grid.ras_shape).astype(np.float32)
    picture = _picture(image, grid)
    assert picture.GetSize() == grid.ras_shape
    for index in ((0, 0, 0), (7, 3, 5)):
        place = np.array(picture.TransformIndexToPhysicalPoint(index)) * _UNIT_MM
        np.testing.assert_allclose(place, nib.affines.apply_affine(grid.ras_affine, index))
    order = np.argsort([image[1, 2, 3], image[4, 5, 6], image[7, 8, 1]])
    seen = [picture[1, 2, 3], picture[4, 5, 6], picture[7, 8, 1]]
    np.testing.assert_array_equal(np.argsort(seen), order)


def test_simpleitk_is_not_brought_in_before_it_is_needed():
    imports = "import sys, inference.io.case_reader, workspace.open_case"
    code = f"{imports}; sys.exit('SimpleITK' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0
