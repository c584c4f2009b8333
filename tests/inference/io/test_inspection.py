"""Inspection: what is in a file is known before anything runs."""

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.inspection import grids_that_differ, inspect_file


def test_a_volume(write_nifti, make_image):
    [found] = inspect_file(write_nifti("P1_t1ce.nii.gz", make_image() * 100))
    assert (found.guess, found.part, found.volume) == ("t1c", "", 0)
    assert found.grid.shape == (9, 8, 7)
    assert found.grid.axis_codes == "LPS"
    assert found.size_known
    assert found.label_values == ()


def test_the_preview_is_the_middle_slice_as_it_is_looked_at(write_nifti):
    image = np.zeros((9, 8, 7), np.int16)
    image[1, 2, 1:6] = 100, 200, 300, 400, 500
    [found] = inspect_file(write_nifti("x_t1.nii", image))  # LPS: as it is looked at already
    assert found.preview.shape == (8, 9)
    assert found.preview[2, 1] == 300
    assert np.count_nonzero(found.preview) == 1


def test_the_preview_of_a_truth_is_its_fullest_slice(write_nifti):
    labels = np.zeros((9, 8, 7), np.uint8)
    labels[2:4, 2:4, 1:6] = 1
    labels[2:6, 2:6, 5] = 2
    [found] = inspect_file(write_nifti("x_seg.nii", labels))
    assert found.guess == "truth"
    assert found.label_values == (0, 1, 2)
    assert np.count_nonzero(found.preview) == 16


def test_every_volume_of_a_file(write_nifti, make_image):
    four = np.stack([make_image(n) * 10 for n in range(4)], -1)
    found = inspect_file(write_nifti("scan.nii", four))
    assert [image.guess for image in found] == ["t1", "t1c", "t2", "flair"]
    assert [image.part for image in found] == [f"volume {n}" for n in (1, 2, 3, 4)]
    for image, voxels in zip(found, np.moveaxis(four, 3, 0), strict=True):
        np.testing.assert_array_equal(image.preview, voxels[..., 3].T)
    two = inspect_file(write_nifti("two.nii", four[..., :2]))
    assert [image.guess for image in two] == [None, None]


def test_the_colours_of_a_picture(tmp_path):
    colours = np.zeros((64, 64, 3), np.uint8)
    colours[20:40, 20:40] = np.arange(3) * 60 + 40
    Image.fromarray(colours).save(tmp_path / "slice.png")
    found = inspect_file(tmp_path / "slice.png")
    assert [image.part for image in found] == ["red", "green", "blue"]
    assert [image.guess for image in found] == ["t1", "flair", "t1c"]
    assert not found[0].size_known


@pytest.mark.parametrize("name", ["x_mask.png", "x_flair.png"])
def test_colours_under_a_name_that_says_one_thing_are_asked_about(tmp_path, name):
    colours = np.zeros((64, 64, 3), np.uint8)
    colours[20:40, 20:40] = (255, 0, 0)
    Image.fromarray(colours).save(tmp_path / name)
    found = inspect_file(tmp_path / name)
    assert [image.guess for image in found] == [None, None, None]


@pytest.mark.parametrize("values", [(0, 0.5), (0, 7), (-1, 0), range(9), (0, 300)])
def test_what_is_no_label_map(write_nifti, values):
    image = np.resize(np.array(values, np.float32), (9, 8, 7))
    [found] = inspect_file(write_nifti("x.nii", image))
    assert found.label_values == ()


@pytest.mark.parametrize("value", [0, 1, 7, 255])
def test_a_constant_image_is_a_concern(write_nifti, make_image, value):
    [found] = inspect_file(write_nifti("x_t1.nii", make_image() * 0 + value))
    assert found.concerns == {"constant"}


@pytest.mark.filterwarnings("error")
def test_values_that_are_no_numbers_do_no_harm(write_nifti, make_image):
    image = make_image().astype(np.float32)
    image[0, 0, 0], image[4, 4, 4] = np.nan, np.inf
    [found] = inspect_file(write_nifti("x_t1.nii", image))
    assert np.isfinite(found.preview).all()


def test_refuses_the_zoo(corrupt_file, words_of_refusal, assert_refused):
    with pytest.raises(InputError) as caught:
        inspect_file(corrupt_file)
    assert_refused(caught.value, corrupt_file.name, words_of_refusal)


def test_grids_are_compared_with_the_reference(write_nifti, make_image, tmp_path):
    [first] = inspect_file(write_nifti("a_t1.nii"))
    [same] = inspect_file(write_nifti("b_t2.nii", make_image(2)))
    [other] = inspect_file(write_nifti("c_t1c.nii", make_image()[:-1]))
    assert grids_that_differ([first, same], first) == []
    [(name, difference)] = grids_that_differ([first, same, other], first)
    assert (name, difference) == ("c_t1c.nii", "8×8×7 voxels instead of 9×8×7")
    Image.fromarray(np.zeros((64, 64), np.uint8)).save(tmp_path / "d.png")
    [picture] = inspect_file(tmp_path / "d.png")
    with pytest.raises(
        InputError, match=r"d\.png is a picture and a_t1\.nii a volume, .* of one kind"
    ):
        grids_that_differ([first, picture], first)
    with pytest.raises(InputError, match=r"d\.png is a picture and a_t1.nii a volume"):
        grids_that_differ([first, picture], picture)


def test_pictures_of_two_sizes_are_named_with_both(tmp_path):
    for name, shape in (("a_t1.png", (64, 48)), ("b_t2.png", (64, 50))):
        Image.fromarray(np.zeros(shape, np.uint8)).save(tmp_path / name)
    [first], [second] = (inspect_file(tmp_path / name) for name in ("a_t1.png", "b_t2.png"))
    with pytest.raises(InputError, match=r"b_t2.png is 50×64 pixels and a_t1.png 48×64 pixels;"):
        grids_that_differ([first, second], first)


def test_an_affine_is_not_lost(write_nifti, make_image):
    affine = nib.affines.from_matvec(np.diag([0.5, 2.0, 3.0]), [1, 2, 3])
    [found] = inspect_file(write_nifti("x_t1.nii", make_image(), affine=affine))
    assert found.grid.spacing == (0.5, 2.0, 3.0)
    assert found.grid.axis_codes == "RAS"


def test_a_large_label_map_keeps_its_numbers(small_case_folder):
    path = next(small_case_folder.glob("*_seg.*"))
    [found] = inspect_file(path, max_voxels=30_000)
    assert found.grid.stored is not None
    assert set(found.label_values) <= {0, 1, 2, 3, 4}
    assert len(found.label_values) > 1
