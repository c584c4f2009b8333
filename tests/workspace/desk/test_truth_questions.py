"""What the numbers of a truth mean is judged at the desk as on the command line, or asked."""

import nibabel as nib
import numpy as np
import pytest

from common.errors import without_options
from inference.io.case_reader import read_case
from inference.io.truths.truth import DoubtfulTruthError
from tests.workspace.desk.drops import Upload, disc, laid, picture, uploads
from workspace.desk.desk import (
    NOT_USED,
    ask,
    case_files,
    expected_convention,
    problem,
    question_of,
    set_role,
)


def renumbered(folder, table, name="small_seg.nii"):
    image = nib.load(next(folder.glob("*seg*")))
    numbers = np.array([0, *table], np.uint8)[np.asarray(image.dataobj).astype(np.uint8)]
    return Upload(name, nib.Nifti1Image(numbers, image.affine).to_bytes())


def halved(folder):
    """A truth of 3 below and 4 above, which no image tells apart."""
    image = nib.load(next(folder.glob("*seg*")))
    numbers = np.asarray(image.dataobj).astype(np.uint8)
    middle = int(np.median(np.nonzero(numbers)[2]))
    above = np.arange(numbers.shape[2]) > middle
    numbers = np.where(numbers > 0, np.where(above, 4, 3), 0).astype(np.uint8)
    return Upload("small_seg.nii", nib.Nifti1Image(numbers, image.affine).to_bytes())


def images(folder):
    return [upload for upload in uploads(folder) if "seg" not in upload.name]


def read(on):
    with case_files(on) as files:
        return read_case(files)


def test_the_images_decide_what_the_numbers_mean(small_case_folder):
    expected = read(laid(*uploads(small_case_folder))).truth
    on = laid(*images(small_case_folder), renumbered(small_case_folder, (2, 1, 3)))
    assert problem(on) is None
    np.testing.assert_array_equal(read(on).truth, expected)


def test_what_the_visitor_says_wins_over_the_images(small_case_folder):
    on = laid(*uploads(small_case_folder))
    expected = read(on).truth
    on.truth.convention = "decathlon"
    np.testing.assert_array_equal(read(on).truth == 1, expected == 2)


def test_what_is_doubtful_is_asked_in_the_words_of_the_command_line(small_case_folder):
    on = laid(*images(small_case_folder)[:1], halved(small_case_folder))
    assert problem(on) is None
    with pytest.raises(DoubtfulTruthError, match="may mean several things") as caught:
        read(on)
    ask(on, caught.value)
    assert problem(on) == without_options(str(caught.value))
    assert "--" not in problem(on)
    assert "brats2024" in question_of(on).choices
    on.truth.convention = "brats2024"
    assert problem(on) is None
    assert set(np.unique(read(on).truth)) == {0, 3}


def test_a_doubt_is_forgotten_with_the_files_it_was_on(small_case_folder):
    on = laid(*images(small_case_folder), renumbered(small_case_folder, (3, 4, 4)))
    ask(on, DoubtfulTruthError("What is it?", ["brats2024"]))
    assert problem(on) == "What is it?"
    set_role(on.rows[0], NOT_USED)
    assert problem(on) is None


def test_a_mask_of_most_of_the_head_is_asked_about(small_case_folder):
    image = nib.load(next(small_case_folder.glob("*flair*")))
    mask = (np.asarray(image.dataobj) > 0).astype(np.uint8) * 2
    on = laid(
        *images(small_case_folder),
        Upload("small_seg.nii", nib.Nifti1Image(mask, image.affine).to_bytes()),
    )
    with pytest.raises(DoubtfulTruthError, match=r"marks \d+ % of the head"):
        read(on)
    on.truth.convention = "whole"
    assert read(on).truth.any()


@pytest.mark.parametrize(
    ("table", "values"), [((85, 170, 255), (0, 1, 2, 3)), ((64, 128, 255), (0, 1, 2, 4))]
)
def test_a_stretched_truth_is_one_at_the_desk_too(small_case_folder, table, values):
    on = laid(*images(small_case_folder), renumbered(small_case_folder, table))
    assert on.truth.image.label_values == values
    assert problem(on) is None
    assert read(on).truth.any()


def test_labels_saved_with_a_slope_are_labels(small_case_folder):
    image = nib.load(next(small_case_folder.glob("*seg*")))
    scaled = nib.Nifti1Image(np.asarray(image.dataobj).astype(np.float32), image.affine)
    scaled.header.set_data_dtype(np.uint16)
    on = laid(*images(small_case_folder), Upload("small_seg.nii", scaled.to_bytes()))
    assert on.truth.image.label_values == (0, 1, 2, 3)


def test_a_name_is_believed_before_numbers(small_case_folder):
    given = renumbered(small_case_folder, (2, 4, 1), "BraTS-PED-00001-000-seg.nii")
    assert expected_convention(laid(given).truth) == "brats-ped"


def test_why_a_jpeg_is_no_truth_is_said():
    blurred = np.clip(disc().astype(int) + np.arange(64) % 7, 0, 255).astype(np.uint8)
    on = laid(Upload("a_t1.png", picture(disc())), Upload("a_mask.jpg", picture(blurred, "JPEG")))
    set_role(on.rows[1], "truth")
    assert "is a JPEG, which blurs the edges of a label map" in problem(on)
