"""What is reasonable is not refused: our own label maps beside the scan, a copy, numbers first."""

import shutil

import nibabel as nib
import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.io.export import write_label_picture, write_label_pictures, write_labels
from inference.io.names.own_output import is_own_output
from inference.study.sources import is_dicom
from tests.inference.io.slices.test_hyperstack import disc


@pytest.fixture
def written(small_case_folder, tmp_path):
    """A case in a folder of its own, with what a run with ``--output`` in it leaves."""
    folder = shutil.copytree(small_case_folder, tmp_path / "P1")
    with open_cases([folder]) as (files,):
        case = read_case(files)
    for model in ("unet", "consensus", "t1_net"):
        write_labels(case, case.truth, folder / f"{model}.nii.gz")
    return folder


def test_a_second_run_reads_what_the_first_did(written, small_case_folder):
    with open_cases([written]) as (again,), open_cases([small_case_folder]) as (files,):
        assert set(again.modalities) == set(files.modalities)
        [note] = again.notes
    assert "unet.nii.gz (written by GlioLens)" in note
    assert "t1_net.nii.gz (written by GlioLens)" in note


def test_a_label_map_of_ours_beside_one_file_of_four_volumes(written, small_case_folder):
    images = [nib.load(file) for file in sorted(small_case_folder.glob("*_t*"))[:2]]
    stack = np.stack([np.asarray(image.dataobj) for image in images], -1)
    for file in written.glob("small_*"):
        file.unlink()
    nib.save(nib.Nifti1Image(stack, images[0].affine), written / "scan.nii.gz")
    with open_cases([written], channels=("t1", "t1c")) as (files,):
        assert files.stacked.name == "scan.nii.gz"


def test_a_study_of_dicom_with_our_label_map_in_it_is_one(written, tmp_path):
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "IM0001").write_bytes(bytes(128) + b"DICM" + bytes(100))
    shutil.copy(written / "unet.nii.gz", folder)
    assert is_dicom(folder)


def test_pictures_of_ours_are_known_too(tmp_path):
    for number in range(1, 4):
        Image.fromarray(disc(100 + number)).save(tmp_path / f"P1_{number}.png")
    with open_cases([tmp_path], channels=("flair",)) as (files,):
        case = read_case(files)
    labels = np.zeros(case.shape, np.uint8)
    write_label_pictures(case, labels, tmp_path / "unet")
    write_label_picture(case, labels, tmp_path / "unet.png")
    assert is_own_output(tmp_path / "unet.png")
    assert is_own_output(tmp_path / "unet" / "P1_1.png")
    assert not is_own_output(tmp_path / "P1_1.png")
    with open_cases([tmp_path], channels=("flair",)) as (again,):
        assert read_case(again).shape[2] == 3


def test_one_image_in_two_files_is_read_once(write_nifti, make_image, tmp_path):
    for name in ("a_T1.nii", "a_T1.nii.gz", "a_T1w.nii", "a_FLAIR.nii"):
        write_nifti(f"P1/{name}", make_image())
    for given in ([tmp_path / "P1"], sorted((tmp_path / "P1").iterdir())):
        with open_cases(given) as (files,):
            assert set(files.modalities) == {"t1", "flair"}
            assert "the same image as a_T1.nii" in files.notes[0]


def test_a_file_that_was_downloaded_twice_is_read_by_its_own_name(write_nifti, tmp_path):
    for name in ("T1 (1).nii", "T1.nii", "T1 - Copy.nii"):
        write_nifti(f"P1/{name}")
    with open_cases([tmp_path / "P1"]) as (files,):
        assert files.modalities["t1"].name == "T1.nii"
        assert files.name == "P1"


def test_two_images_called_alike_are_still_refused(write_nifti, make_image, tmp_path):
    write_nifti("P1/a_T1.nii", make_image())
    write_nifti("P1/a_T1.nii.gz", make_image(2) + 1)
    with pytest.raises(InputError, match="are both called T1"), open_cases([tmp_path / "P1"]):
        pass


@pytest.mark.parametrize("count", [1, 12])
def test_the_number_may_stand_before_the_word(tmp_path, count):
    for kind in ("flair", "t1"):
        for number in range(70, 70 + count):
            Image.fromarray(disc(100 + number)).save(tmp_path / f"{number:03}_{kind}.png")
    with open_cases([tmp_path]) as (files,):
        case = read_case(files)
    assert case.shape[2] == count
    assert "flair" in case.present


def test_a_few_numbers_before_the_word_may_be_patients(tmp_path):
    for number in (1, 2, 3):
        Image.fromarray(disc(100 + number)).save(tmp_path / f"{number:03}_flair.png")
    with pytest.raises(InputError, match="are all called FLAIR"), open_cases([tmp_path]):
        pass
