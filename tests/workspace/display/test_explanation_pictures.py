import re
from types import SimpleNamespace

import numpy as np

from report.drawing.images import Images
from viewer.bundle import BROWSER
from viewer.colour_maps import MAGMA, colour_table
from workspace.display.explanation_pictures import OUTLINE, explanation_picture

# A case of 20 × 30 × 4 whose tissue starts 5 and 8 voxels inside.
BOX = (slice(5, 17), slice(8, 24), slice(0, 4))


def images():
    slices = np.ones((4, 4, 16, 12), np.float32)
    slices[:, 0] = np.linspace(-1, 1, 12, dtype=np.float32)
    case = SimpleNamespace(shape=(20, 30, 4), spacing=(1.0, 1.0, 1.0), voxel_size_known=True)
    return Images(case, SimpleNamespace(slices=slices, box=BOX))


def place(picture, row, column):
    """The pixels of a voxel (row, column) of the box: the frame has a margin around it."""
    frame = images().frame
    scale = picture.width / (frame[0].stop - frame[0].start)
    top, left = frame[1].stop - BOX[1].stop, frame[0].stop - BOX[0].stop
    x, y = (column + left + 0.5) * scale, (row + top + 0.5) * scale
    return np.asarray(picture)[round(y), round(x)].astype(int)


def test_the_map_and_the_outline_lie_where_they_were_found():
    heat, drawn = np.zeros((16, 12), np.uint8), np.zeros((16, 12), bool)
    heat[2:5, 8:11] = 255
    drawn[10:13, 1:4] = True
    picture = explanation_picture(images(), "t1", 1, heat, drawn)
    bright = place(picture, 3, 9)
    assert bright.max() > 180
    assert np.ptp(place(picture, 3, 3)) <= 6, "it is grey beside the map"
    outline = np.array(tuple(bytes.fromhex(OUTLINE[1:])))
    at = np.argwhere((np.asarray(picture) == outline).all(axis=2)).mean(axis=0)
    scale = picture.width / (images().frame[0].stop - images().frame[0].start)
    frame = images().frame
    expected = [(11.5 + frame[1].stop - BOX[1].stop), (2.5 + frame[0].stop - BOX[0].stop)]
    np.testing.assert_allclose(at / scale, expected, atol=0.2)


def test_without_a_map_only_the_slice_and_its_outline_are_there():
    picture = np.asarray(
        explanation_picture(images(), "t1", 1, None, np.zeros((16, 12), bool))
    ).astype(int)
    assert np.ptp(picture, axis=2).max() == 0


def test_magma_is_the_one_of_the_browser():
    text = (BROWSER / "slice" / "colour_maps.js").read_text("utf-8")
    stops = re.findall(r"#[0-9a-f]{6}", text[text.index("magma: [") : text.index("};")])
    assert tuple(stops) == MAGMA
    assert colour_table(MAGMA).shape == (256, 3)
    assert tuple(colour_table(MAGMA)[-1]) == tuple(bytes.fromhex(MAGMA[-1][1:]))
