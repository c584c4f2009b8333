"""A TIFF that holds several images of the same slices is read as these, and not as one tall one."""

import numpy as np
import pytest
from PIL import Image

from common.errors import InputError
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.io.slices.hyperstack import hyperstack_of

SLICES = 5
IMAGEJ = "ImageJ=1.53t\nimages=20\n{axes}\nhyperstack=true\nmode=grayscale\n"
OME = '<OME><Image><Pixels DimensionOrder="{order}" SizeX="64" SizeY="64" {sizes}/></Image></OME>'
# The description, and the axis of pages that runs faster.
KINDS = {
    "ImageJ channels": (IMAGEJ.format(axes="channels=4\nslices=5"), "channels"),
    "ImageJ frames": (IMAGEJ.format(axes="slices=5\nframes=4"), "slices"),
    "OME XYZCT": (
        OME.format(order="XYZCT", sizes='SizeC="4" SizeZ="5" SizeT="1"'),
        "slices",
    ),
    "OME XYCZT": (
        OME.format(order="XYCZT", sizes='SizeC="4" SizeZ="5" SizeT="1"'),
        "channels",
    ),
}


def disc(bright):
    y, x = np.mgrid[:64, :64] - 32
    return np.where(x**2 + y**2 < 400, bright + x, 0).astype(np.uint8)


@pytest.fixture
def tiff(tmp_path):
    def write(description, faster, name="head.tif", count=4):
        order = (
            [(z, c) for z in range(SLICES) for c in range(count)]
            if faster == "channels"
            else [(z, c) for c in range(count) for z in range(SLICES)]
        )
        pages = [Image.fromarray(disc(60 + 40 * c + 3 * z)) for z, c in order]
        path = tmp_path / name
        pages[0].save(path, save_all=True, append_images=pages[1:], tiffinfo={270: description})
        return path

    return write


@pytest.mark.parametrize("kind", KINDS)
def test_pages_of_several_images_are_told_apart(tiff, kind):
    with open_cases([tiff(*KINDS[kind])]) as (files,):
        case = read_case(files)
    assert case.present == ("t1", "t1c", "t2", "flair")
    assert case.shape == (64, 64, SLICES)
    assert len(case.slice_names) == SLICES
    for channel in range(4):
        middle = case.volume[channel, 32, 32]
        assert (np.diff(middle) == 3).all()
        assert abs(middle[0] - (60 + 40 * channel)) <= 1
    assert any("were taken to be T1, T1c, T2, FLAIR" in note for note in case.notes)


def test_the_order_can_be_named(tiff):
    path = tiff(*KINDS["ImageJ channels"])
    with open_cases([path], channels=("flair", "t1", "t1c", "t2")) as (files,):
        case = read_case(files)
    assert case.volume[3].max() < case.volume[0].max() < case.volume[2].max()


def test_a_plain_stack_stays_one(tiff):
    path = tiff("ImageJ=1.53t\nimages=20\nslices=20\n", "channels")
    with open_cases([path], channels=("flair",)) as (files,):
        assert read_case(files).shape == (64, 64, 20)


@pytest.mark.parametrize(
    "description",
    [
        "",
        "a head",
        "ImageJ=1.53t\nchannels=4\nslices=6\n",
        "ImageJ=1.53t\nchannels=2\nframes=2\nslices=5\n",
        OME.format(order="XYCZT", sizes='SizeC="1" SizeZ="20" SizeT="1"'),
    ],
)
def test_what_does_not_fit_the_pages_is_no_hyperstack(description):
    assert hyperstack_of(description, 20) is None


def test_more_images_than_modalities_are_refused(tiff):
    axes = "channels=6\nslices=5"
    path = tiff(IMAGEJ.format(axes=axes), "channels", count=6)
    with pytest.raises(InputError, match="holds 6 images of 5 slices"), open_cases([path]):
        pass
