import numpy as np
import pytest
from PIL import Image

from common.colours import LABEL_COLOURS
from report import DISCLAIMER
from report.drawing.layers import layers
from report.drawing.pictures import BACKGROUND, Layer, View, comparison, write_png
from report.drawing.planes import PLANES, largest_slice


def volume_with(place):
    volume = np.zeros((4, 5, 6), np.uint8)
    volume[place] = 1
    return volume


@pytest.mark.parametrize(
    ("plane", "place", "row", "column"),
    [
        # The patient's right, front and top: at the left and at the top of every picture.
        ("axial", (3, 4, 2), 0, 0),
        ("axial", (0, 0, 2), 4, 3),
        ("coronal", (3, 2, 5), 0, 0),
        ("coronal", (0, 2, 0), 5, 3),
        ("sagittal", (2, 4, 5), 0, 0),
        ("sagittal", (2, 0, 0), 5, 4),
    ],
)
def test_a_plane_is_cut_as_it_is_looked_at(plane, place, row, column):
    cut = PLANES[plane].cut(volume_with(place), 2)
    assert np.argwhere(cut).tolist() == [[row, column]]


def test_the_largest_slice_and_the_middle_of_the_image_without_any():
    labels = np.zeros((4, 5, 6), np.uint8)
    box = (slice(0, 4), slice(0, 5), slice(2, 6))
    assert largest_slice([labels], PLANES["axial"], box) == 4
    labels[:, :, 3], labels[0, 0, 5] = 2, 1
    assert largest_slice([labels], PLANES["axial"], box) == 3


def test_every_label_has_the_colour_of_the_screen_and_lies_where_it_was_drawn(record):
    """Half image, half the label's colour, on as many pixels as the voxels are large."""
    finding = record.findings[0]
    for label, colour in LABEL_COLOURS.items():
        only = np.where(finding.labels == label, finding.labels, 0)
        index = int(np.argmax(np.count_nonzero(only, axis=(0, 1))))
        view = View("axial", "flair", index)
        bare, drawn = (
            np.asarray(comparison(record.images, [view], [Layer("x", "#999999", each)]), int)
            for each in (None, only)
        )
        changed = (bare != drawn).any(axis=2)
        mixed = (bare[changed] + np.array(list(bytes.fromhex(colour[1:])))) / 2
        assert np.abs(drawn[changed] - mixed).max() <= 2
        share = changed.sum() / np.count_nonzero(only[:, :, index])
        scale = 420 / max(
            (record.images.frame[axis].stop - record.images.frame[axis].start) * size
            for axis, size in enumerate(record.images.spacing[:2])
        )
        pixel = np.prod(record.images.spacing[:2]) * scale**2
        assert share == pytest.approx(pixel, rel=0.15)


def test_the_picture_says_what_it_is_not(record, tmp_path):
    picture = comparison(record.images, [View("axial", "t1c", 15)], layers(record.findings))
    write_png(picture, tmp_path / "view.png")
    with Image.open(tmp_path / "view.png") as read:
        assert read.text["Comment"] == DISCLAIMER
        footer = np.asarray(read)[-25:]
    background = np.array(list(bytes.fromhex(BACKGROUND[1:])))
    assert (footer != background).any(axis=2).mean() > 0.01


def test_anisotropic_voxels_keep_their_shape(record):
    """Rows of a coronal picture are slices: they are as tall as the voxel says, not one pixel."""
    images = record.images
    frame = [side.stop - side.start for side in images.frame]
    mm = [count * size for count, size in zip(frame, images.spacing, strict=True)]
    one = comparison(images, [View("axial", "t1", 15)], [Layer("x", "#999999", None)])
    two = comparison(images, [View("coronal", "t1", 30)], [Layer("x", "#999999", None)])
    assert (one.height - two.height) == pytest.approx((mm[1] - mm[2]) * 420 / max(mm[:2]), abs=2)


def test_one_slice_without_a_size_has_a_picture(one_slice):
    picture = comparison(one_slice.images, [View("axial", "t2", 0)], layers(one_slice.findings))
    assert np.asarray(picture).std() > 10
