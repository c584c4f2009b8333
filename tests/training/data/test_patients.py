import csv

import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from training.data.patients import data_set_in, read_split, split_cases


def test_no_patient_is_on_two_sides(data_folder):
    sides = [set(split_cases(data_folder, split)) for split in ("train", "val", "test")]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 4


def test_the_real_table_has_no_patient_on_two_sides(real_data):
    with (real_data / "cases.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    sides = [set(split_cases(real_data, split)) for split in ("train", "val", "test")]
    # With the second part of the set there are 3 more who have all, and 11 who lack something.
    assert ([len(side) for side in sides], len(rows)) in (([28, 4, 6], 38), ([31, 4, 6], 52))
    assert len(set.union(*sides)) == sum(map(len, sides))


def test_unknown_split_and_missing_table_say_what_would_be_right(data_folder, tmp_path):
    with pytest.raises(InputError, match=r"no split 'dev'; it has test, train, val"):
        split_cases(data_folder, "dev")
    with pytest.raises(InputError, match=r"cases\.csv is missing"):
        split_cases(tmp_path, "train")


def test_a_case_without_truth_is_refused(data_folder, tmp_path):
    (tmp_path / "cases.csv").write_text("case,split\na,train\n")
    (tmp_path / "a").mkdir()
    for file in (data_folder / "a").glob("*"):
        if "seg" not in file.name:
            (tmp_path / "a" / file.name).symlink_to(file)
    with pytest.raises(InputError, match="no truth"):
        list(read_split(tmp_path, "train"))


def test_a_set_of_pictures_is_read_by_patient(picture_folder):
    assert data_set_in(picture_folder).key == "lgg"
    (case,) = read_split(picture_folder, "train")
    assert case.name == "TCGA_A"
    assert case.present == ("t1", "t1c", "flair")
    assert case.truth_regions == ("wt",)
    expected = [10 * number * (number > 3) for number in range(1, 12)]
    assert sorted(np.count_nonzero(case.truth, axis=(0, 1)).tolist()) == sorted(expected)
    assert not case.voxel_size_known


def test_pictures_with_flair_in_every_colour_are_flair_alone(picture_folder):
    """So the set has a patient whose other sequences were not there."""
    for file in (picture_folder / "TCGA_A").glob("*[0-9].tif"):
        pixels = np.asarray(Image.open(file)).copy()
        pixels[..., [0, 2]] = pixels[..., [1]]
        Image.fromarray(pixels).save(file)
    (case,) = read_split(picture_folder, "train")
    assert case.present == ("flair",)
    assert any("T1c is the same image as FLAIR, so it was left" in note for note in case.notes)
    assert case.truth_regions == ("wt",)


def test_a_folder_without_a_table_is_told(tmp_path):
    with pytest.raises(InputError, match=r"cases\.csv is missing"):
        data_set_in(tmp_path)
