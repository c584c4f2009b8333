"""``--channels`` is heard wherever one file holds the images, and said where it is not needed."""

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from tests.inference.io.slices.test_hyperstack import disc


def read(*paths, channels=None):
    with open_cases(list(paths), channels=channels) as (files,):
        return read_case(files)


def test_equal_colours_are_three_modalities_where_three_are_named(tmp_path):
    path = tmp_path / "slice.png"
    Image.fromarray(np.repeat(disc(100)[..., None], 3, 2)).save(path)
    case = read(path, channels=("t1", "flair", "t1c"))
    assert case.present == ("flair",)
    assert any("same image" in note for note in case.notes)


def test_equal_colours_of_slices_likewise(tmp_path):
    for number in range(1, 4):
        pixels = np.repeat(disc(100 + number)[..., None], 3, 2)
        Image.fromarray(pixels).save(tmp_path / f"P_{number}.png")
    case = read(tmp_path, channels=("t1", "flair", "t1c"))
    assert case.present == ("flair",)
    assert case.shape[2] == 3


@pytest.mark.parametrize("kind", ["png", "tif", "npy", "nii", "nii.gz"])
@pytest.mark.parametrize("in_folder", [False, True])
def test_one_image_without_a_name_is_what_it_is_said_to_be(tmp_path, kind, in_folder):
    folder = tmp_path / "given"
    folder.mkdir()
    path = folder / f"a.{kind}"
    if kind == "npy":
        np.save(path, disc(100))
    elif kind == "png":
        Image.fromarray(disc(100)).save(path)
    elif kind == "tif":
        pages = [Image.fromarray(disc(100 + n)) for n in range(4)]
        pages[0].save(path, save_all=True, append_images=pages[1:])
    else:
        nib.save(nib.Nifti1Image(np.stack([disc(100)] * 20, -1), np.eye(4)), path)
    given = folder if in_folder else path
    assert read(given, channels=("flair",)).present == ("flair",)
    with pytest.raises(InputError):
        read(given)


def test_what_is_said_wins_over_the_name_of_a_single_file(tmp_path):
    path = tmp_path / "P1_flair.png"
    pixels = np.stack([disc(200), disc(90), disc(150)], -1)
    Image.fromarray(pixels).save(path)
    assert read(path, channels=("t1", "flair", "t1c")).present == ("t1", "t1c", "flair")
    grey = tmp_path / "P2_t1.png"
    Image.fromarray(disc(100)).save(grey)
    assert read(grey, channels=("t2",)).present == ("t2",)


def test_an_order_that_was_not_needed_is_said(tmp_path, write_nifti, make_image):
    for number, kind in enumerate(("t1", "flair")):
        write_nifti(f"P1/a_{kind}.nii", make_image(number))
    case = read(tmp_path / "P1", channels=("flair", "t1", "t1c", "t2"))
    assert case.present[0] == "t1"
    assert any("order that was given was not used" in note for note in case.notes)


def test_a_wrong_count_is_a_sentence(tmp_path):
    path = tmp_path / "slice.png"
    Image.fromarray(disc(100)).save(path)
    with pytest.raises(InputError, match=r"slice.png holds one image where T1, T1c are expected"):
        read(path, channels=("t1", "t1c"))
