import numpy as np
import pytest

from training.cards.error_panels import ERROR_COLOURS, Panel, draw_panels


@pytest.fixture
def panel():
    predicted, true = np.zeros((2, 40, 40), bool)
    predicted[:, 10:30] = True
    true[:, 20:40] = True
    return Panel(
        "Whole tumour, FLAIR", np.full((40, 40), 90, np.uint8), predicted, true, (1.0, 1.0)
    )


def _colour_at(picture, column):
    """Of the middle of a panel of 320 pixels that shows 40, 12 from the edge."""
    return np.array(picture.getpixel((12 + column * 8 + 4, 34 + 100)), int)


def _nearest(colour):
    distances = {
        name: np.abs(np.array([*bytes.fromhex(code[1:])], int) - colour).sum()
        for name, code in ERROR_COLOURS.items()
    }
    return min(distances, key=distances.get)


def test_each_kind_of_pixel_has_its_colour(panel):
    picture = draw_panels([panel], note="")
    assert _nearest(_colour_at(picture, 15)) == "Extra"
    assert _nearest(_colour_at(picture, 25)) == "Correct"
    assert _nearest(_colour_at(picture, 35)) == "Missed"


def test_what_is_neither_drawn_nor_tumour_stays_grey(panel):
    assert _colour_at(draw_panels([panel], note=""), 3).tolist() == [90, 90, 90]


def test_panels_stand_side_by_side(panel):
    one, three = (draw_panels([panel] * count, note="") for count in (1, 3))
    assert three.height == one.height
    assert three.width == pytest.approx(3 * one.width, abs=40)


def test_neither_images_nor_words_touch_the_edge(panel):
    picture = np.array(draw_panels([panel] * 3, note="Synthetic case, not a patient."), int)
    assert (picture[:, :12] == picture[0, 0]).all()
    assert (picture[:, -12:] == picture[0, 0]).all()


def test_voxels_keep_their_shape(panel):
    tall = Panel(panel.title, panel.greys, panel.predicted, panel.true, (2.0, 1.0))
    assert draw_panels([tall], note="").height == draw_panels([panel], note="").height + 320
