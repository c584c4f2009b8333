"""Sentences are true of the input that makes them: its kind, its number, what would be right."""

import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles, open_cases
from inference.io.names.wording import counted, listed
from tests.inference.io.slices.test_hyperstack import disc


def refused(*paths, **options):
    with pytest.raises(InputError) as caught, open_cases(list(paths), **options) as cases:
        read_case(cases[0])
    return str(caught.value)


def test_several_arrays_are_called_what_they_are(tmp_path):
    np.savez(tmp_path / "x.npz", a=np.zeros((64, 64)))
    sentence = refused(tmp_path / "x.npz")
    assert sentence.startswith("x.npz is a packed file of NumPy arrays")
    assert "a.npy" not in sentence


def test_six_files_are_not_both(write_nifti, tmp_path):
    for number in range(6):
        write_nifti(f"P1/{number}_T1.nii", np.full((9, 8, 7), number, np.int16))
    sentence = refused(tmp_path / "P1")
    assert "1_T1.nii, 0_T1.nii and 4 more are all called T1" in sentence


@pytest.mark.parametrize("ending", ["png", "tif", "npy"])
def test_pictures_are_told_how_pictures_are_named(tmp_path, ending):
    path = tmp_path / f"a.{ending}"
    if ending == "npy":
        np.save(path, disc(100))
    else:
        Image.fromarray(disc(100)).save(path)
    sentence = refused(path)
    assert f"named like *_t1.{ending}" in sentence
    assert "NIfTI" not in sentence


def test_a_truth_in_colour_is_told_to_be_one_image(tmp_path):
    Image.fromarray(disc(100)).save(tmp_path / "a_t1.png")
    red = np.zeros((64, 64, 3), np.uint8)
    red[20:30, 20:30, 0] = 255
    red[0, 0] = (0, 255, 0)
    red[30:40, 20:30, 1] = 200
    Image.fromarray(red).save(tmp_path / "a_mask.png")
    sentence = refused(tmp_path)
    assert sentence.startswith("The truth a_mask.png is in colour; save it as one image")
    assert "modality" not in sentence


def test_a_truth_of_several_volumes_likewise(write_nifti, tmp_path):
    first = write_nifti("a_t1.nii")
    truth = write_nifti("a_seg.nii", np.zeros((9, 8, 7, 3), np.uint8))
    with pytest.raises(InputError, match=r"The truth a_seg\.nii holds 3 volumes; save it as one"):
        read_case(CaseFiles("x", {"t1": first}, truth=truth))


@pytest.mark.parametrize(("slices", "words"), [(1, "Only one axial slice:"), (3, "Only 3 axial")])
def test_one_slice_is_one(write_nifti, slices, words):
    voxels = np.arange(9 * 8 * slices).reshape(9, 8, slices).astype(np.int16)
    path = write_nifti("a_t1.nii", voxels, affine=np.diag([1.0, 1, 4, 1]))
    notes = read_case(CaseFiles("x", {"t1": path})).notes
    assert any(note.startswith(words) for note in notes)


def test_lists_and_counts():
    assert listed(["a"]) == "a"
    assert listed(["a", "b"]) == "a and b"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d"]) == "a, b and 2 more"
    assert counted(1, "slice", "slices") == "1 slice"
    assert counted(0, "slice", "slices") == "0 slices"
