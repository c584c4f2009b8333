"""Resample: by where the headers say the voxels lie, and only when somebody agreed."""

import nibabel as nib
import numpy as np
import pytest

from common.errors import InputError
from inference.geometry.native_grid import NativeGrid
from inference.geometry.resampling import (
    LINEAR,
    NEAREST,
    resample,
    resample_image,
    resample_sharply,
)
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from tests.inference.motions import rigid


def grid(shape, affine):
    return NativeGrid.of(nib.Nifti1Image(np.zeros(shape, np.uint8), affine))


def ramp(of):
    """The world's x + 10 y + 100 z at every voxel centre of a grid, in RAS+ order."""
    index = np.stack(np.meshgrid(*map(np.arange, of.ras_shape), indexing="ij"), -1)
    world = nib.affines.apply_affine(of.ras_affine, index)
    return (world @ [1, 10, 100]).astype(np.float32)


FLIPPED = np.array([[-1.0, 0, 0, 30], [0, -1, 0, 30], [0, 0, 1, 0], [0, 0, 0, 1]])
TURNED = np.array([[0, -1.2, 0.3, 40], [1.1, 0, 0, -5], [0, 0.3, 2.5, -20], [0, 0, 0, 1.0]])


@pytest.mark.parametrize("affine", [FLIPPED, TURNED])
def test_every_point_keeps_its_place(affine):
    """A linear function of place is kept exactly by linear interpolation."""
    source, target = grid((40, 44, 20), affine), grid((12, 10, 8), np.diag([2.0, 2, 2, 1]))
    moved = resample(ramp(source), of=source, onto=target)
    inside = resample(np.ones(source.ras_shape, np.float32), of=source, onto=target) > 0.999
    assert inside.sum() > 50
    np.testing.assert_allclose(moved[inside], ramp(target)[inside], atol=0.02)


@pytest.mark.parametrize("order", [LINEAR, NEAREST])
def test_the_same_places_in_another_order_keep_every_voxel(make_image, order):
    image = make_image().astype(np.float32) + 1
    here = grid(image.shape, np.eye(4))
    there = grid(image.shape, np.diag([-1.0, -1, 1, 1]) @ np.eye(4))
    flipped = NativeGrid(there.shape, here.affine @ nib.orientations.inv_ornt_aff(
        [[0, -1], [1, -1], [2, 1]], image.shape), here.header)  # fmt: skip
    np.testing.assert_allclose(
        resample(image, of=here, onto=flipped, order=order), image, rtol=1e-5
    )


def test_labels_stay_labels(make_image):
    labels = make_image().astype(np.uint8)
    here, fine = (
        grid(labels.shape, np.eye(4)),
        grid((27, 24, 21), np.diag([1 / 3, 1 / 3, 1 / 3, 1])),
    )
    moved = resample(labels, of=here, onto=fine, order=NEAREST)
    assert moved.dtype == np.uint8
    np.testing.assert_array_equal(moved[::3, ::3, ::3], labels)
    assert set(np.unique(moved)) == set(np.unique(labels))


@pytest.mark.parametrize("motion", [None, rigid(1.3, 7, about=(10, 10, 10))])
def test_the_edge_of_tissue_is_tissue_and_the_background_exactly_0(motion):
    """Averaged with the background, it would be a rim that is neither, and of no known sign."""
    image = np.zeros((20, 20, 20), np.float32)
    image[5:15, 5:15, 5:15] = -np.random.default_rng(0).uniform(100, 200, (10, 10, 10))
    here = grid(image.shape, np.eye(4))
    fine = grid((33, 33, 33), np.diag([0.6, 0.6, 0.6, 1]))
    moved = resample_image(image, of=here, onto=fine, motion=motion)
    assert moved.dtype == np.float32
    tissue = moved != 0
    assert moved[tissue].max() < -99
    assert moved.min() > -201
    assert tissue.sum() * 0.6**3 == pytest.approx(1000, rel=0.05)
    plain = resample(image, of=here, onto=fine, motion=motion)
    assert np.count_nonzero((plain < 0) & (plain > -99)) > 1000


def test_a_motion_is_from_the_place_wanted_to_the_place_that_shows_it():
    image = np.zeros((20, 20, 20), np.float32)
    image[8, 9, 12] = 7
    here = grid(image.shape, np.eye(4))
    motion = nib.affines.from_matvec(np.eye(3), [3, -2, 1])
    moved = resample_image(image, of=here, onto=here, motion=motion)
    assert np.argwhere(moved).tolist() == [[5, 11, 11]]


@pytest.fixture
def files(write_nifti, make_image):
    """A T1 on a coarse grid, a T1c on a fine one, and the truth on a third, of one place."""
    fine = make_image().repeat(2, 0).repeat(2, 1).repeat(2, 2).astype(np.int16) * 40
    half = np.diag([0.5, 0.5, 0.5, 1])
    half[:3, 3] = -0.25
    labels = make_image(4).astype(np.uint8)[1:]
    one_on = np.eye(4)
    one_on[0, 3] = 1
    return CaseFiles(
        "x",
        {"t1": write_nifti("x_t1.nii", make_image() * 30, affine=np.eye(4)),
         "t1c": write_nifti("x_t1ce.nii", fine, affine=half)},
        truth=write_nifti("x_seg.nii", labels, affine=one_on),
    )  # fmt: skip


def test_other_grids_are_refused_unless_somebody_agreed(files):
    with pytest.raises(InputError, match=r"does not fit .*--resample does it"):
        read_case(files)


def test_the_truth_gives_the_grid(files, make_image):
    case = read_case(files, resampled=True)
    assert case.shape == (8, 8, 7)
    np.testing.assert_array_equal(case.truth, make_image(4)[1:])
    np.testing.assert_allclose(case.volume[0], make_image()[1:] * 30, atol=0.01)
    np.testing.assert_allclose(case.volume[1], make_image()[1:] * 40, atol=0.01)
    told = [note for note in case.notes if "was resampled" in note]
    assert [note.split()[0] for note in told] == ["x_t1.nii", "x_t1ce.nii"]


def test_then_the_t1c_gives_the_grid(files):
    case = read_case(CaseFiles("x", files.modalities), resampled=True)
    assert case.shape == (18, 16, 14)
    assert case.grid.spacing == pytest.approx((0.5, 0.5, 0.5))


def test_one_grid_is_left_alone(write_case):
    folder = write_case()
    files = CaseFiles("x", {"t1": folder / "P1_t1.nii.gz", "t2": folder / "P1_t2.nii.gz"})
    plain, agreed = read_case(files), read_case(files, resampled=True)
    np.testing.assert_array_equal(plain.volume, agreed.volume)
    assert not any("resampled:" in note for note in agreed.notes)


def test_files_of_two_places_are_told(write_nifti):
    far = np.eye(4)
    far[0, 3] = 500
    files = {"t1": write_nifti("x_t1.nii", affine=np.eye(4)),
             "t1c": write_nifti("x_t1c.nii", affine=far)}  # fmt: skip
    with pytest.raises(InputError, match=r"x_t1\.nii lies somewhere else"):
        read_case(CaseFiles("x", files), resampled=True)


def waves(of):
    """A pattern of 5 mm a wave at every voxel centre of a grid, between 0 and 200."""
    index = np.stack(np.meshgrid(*map(np.arange, of.ras_shape), indexing="ij"), -1)
    world = nib.affines.apply_affine(of.ras_affine, index)
    return (100 + 100 * np.sin(2 * np.pi * world / 5).mean(axis=-1)).astype(np.float32)


def test_splines_keep_a_fine_pattern_that_a_linear_mean_blurs():
    fine = grid((40, 40, 40), np.eye(4))
    motion = rigid(2.5, 8, about=(20, 20, 20))
    moved = grid((40, 40, 40), np.linalg.inv(motion))
    way = {"of": fine, "onto": moved, "motion": np.eye(4)}
    true, inside = waves(moved), (slice(10, 30),) * 3
    sharp = np.abs(resample_sharply(waves(fine), **way) - true)[inside]
    linear = np.abs(resample(waves(fine), **way) - true)[inside]
    assert sharp.mean() < linear.mean() / 4


def test_nothing_becomes_brighter_or_darker_than_the_image_and_its_edge_is_kept():
    whole = grid((20, 20, 20), np.eye(4))
    image = np.full((20, 20, 20), 100, np.float32)
    image[10:] = 700
    motion = np.eye(4)
    motion[:3, 3] = 0.4
    read = resample_sharply(image, of=whole, onto=whole, motion=motion)
    assert read.min() == 100
    assert read.max() == 700
    np.testing.assert_allclose(
        resample_sharply(image, of=whole, onto=whole, motion=np.eye(4)), image, atol=0.01
    )
