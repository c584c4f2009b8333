"""Files: every kind has one way in, and volumes have names before they are read."""

import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.slices.decoded_file import DecodedFile, decoded_slice
from inference.io.volumes.checked_file import check_file, checked_channels, usual_channels
from inference.io.volumes.nifti_guard import NiftiFile


@pytest.fixture
def colour(tmp_path):
    pixels = np.zeros((64, 64, 3), np.uint8)
    pixels[20:40, 20:40] = 50, 150, 250
    Image.fromarray(pixels).save(tmp_path / "slice.PNG")
    return check_file(tmp_path / "slice.PNG")


def test_the_kind_follows_from_the_name(colour, write_nifti, tmp_path):
    assert isinstance(colour, DecodedFile)
    assert isinstance(check_file(write_nifti("x.nii")), NiftiFile)
    with (tmp_path / "x.NPY").open("wb") as stream:
        np.save(stream, np.zeros((40, 40)))
    assert isinstance(check_file(tmp_path / "x.NPY"), DecodedFile)


def test_a_volume_under_the_name_of_a_picture_is_refused(write_nifti):
    path = write_nifti("x_t1.nii")
    with pytest.raises(InputError, match=r"x_t1\.png is no picture"):
        check_file(path.rename(path.with_suffix(".png")))


def test_a_slice_lies_as_it_is_looked_at(tmp_path):
    pixels = np.arange(12).reshape(3, 4)
    held = decoded_slice(tmp_path / "x.png", pixels)
    assert (held.shape, held.volumes) == ((4, 3, 1), 1)
    np.testing.assert_array_equal(held.voxels[..., 0, 0].T, pixels)


def test_the_usual_order_depends_on_the_kind(colour, tmp_path):
    assert usual_channels(colour) == ("t1", "flair", "t1c")
    array = decoded_slice(tmp_path / "x.npy", np.zeros((40, 40, 4)))
    assert usual_channels(array) == ("t1", "t1c", "t2", "flair")


def test_channels_can_be_named_or_left_out(colour):
    assert checked_channels(None, colour) == ("t1", "flair", "t1c")
    assert checked_channels(("t2", None, "t1"), colour) == ("t2", None, "t1")


@pytest.mark.parametrize(
    "channels", [("t1", "t1", "t2"), ("t1", "t2", "pet"), ("t1", "t2"), (None, None, None)]
)
def test_names_that_do_not_fit(colour, channels):
    with pytest.raises(InputError, match=r"slice\.PNG"):
        checked_channels(channels, colour)
