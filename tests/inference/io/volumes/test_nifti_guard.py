"""The guard: what is wrong is refused early, cheaply and in words."""

import gzip

import numpy as np
import pytest

from common.errors import InputError
from inference.io.volumes.claims import MAX_VOXELS
from inference.io.volumes.nifti_guard import check_nifti


def test_refuses_the_zoo(corrupt_file, read_stored, words_of_refusal, assert_refused):
    with pytest.raises(InputError) as caught:
        read_stored(corrupt_file)
    assert_refused(caught.value, corrupt_file.name, words_of_refusal)


def test_accepts_the_healthy(healthy_file, read_stored, make_image):
    np.testing.assert_array_equal(read_stored(healthy_file)[..., 0], make_image())


@pytest.mark.filterwarnings("error")
def test_says_nothing_on_the_side(corrupt_file, read_stored, capfd, caplog):
    with pytest.raises(InputError):
        read_stored(corrupt_file)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@pytest.mark.filterwarnings("error")
def test_says_nothing_on_the_side_of_the_healthy(healthy_file, read_stored, capfd, caplog):
    read_stored(healthy_file)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_file_too_short_is_refused_before_it_is_read(write_nifti):
    path = write_nifti("x.nii")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="cut off"):
        check_nifti(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"hello", "is a text file"),
        (b"\x89PNG" + bytes(99), "is a PNG picture"),
        (b"\xff\xd8\xff" + bytes(99), "is a JPEG picture"),
        (bytes(128) + b"DICM" + bytes(99), "is a DICOM file"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "is a text file"),
    ],
)
def test_says_what_a_file_is(tmp_path, content, words):
    path = tmp_path / "x_t1.nii"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        check_nifti(path)


@pytest.mark.parametrize("name", ["absent.nii", "folder.nii"])
def test_what_cannot_be_opened(tmp_path, name, assert_refused):
    (tmp_path / "folder.nii").mkdir()
    with pytest.raises(InputError) as caught:
        check_nifti(tmp_path / name)
    assert_refused(caught.value, name)


def test_a_name_of_two_lines_is_shown_in_one(tmp_path, assert_refused):
    with pytest.raises(InputError) as caught:
        check_nifti(tmp_path / "x\ny\x1b[31m_t1.nii")
    assert_refused(caught.value, "x?y?[31m_t1.nii")


def test_the_limit_on_voxels_can_be_moved(write_nifti):
    path = write_nifti("x.nii")
    assert check_nifti(path, max_voxels=9 * 8 * 7).shape == (9, 8, 7)
    with pytest.raises(InputError, match=r"x\.nii claims 9×8×7 voxels, more than the 0\.0005"):
        check_nifti(path, max_voxels=500)


def test_the_default_limits_fit_a_scan():
    assert MAX_VOXELS > 512 * 512 * 160
