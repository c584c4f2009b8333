"""Numbered pictures are slices of one scan until the visitor says that they are modalities."""

import numpy as np
import pytest

from common.vocabulary import MODALITIES
from inference.io.case_reader import read_case
from inference.network.preprocess import to_slices
from tests.workspace.desk.drops import Upload, disc, laid, picture, roles
from workspace.desk.desk import case_files, grid_differences, problem, set_role
from workspace.desk.numbered_pictures import could_be_either, read_otherwise

BRIGHT = (60, 100, 140, 180)


def numbered(name="{}.png", count=4):
    return [Upload(name.format(n + 1), picture(disc(BRIGHT[n % 4]))) for n in range(count)]


def test_they_stay_slices_and_what_was_assumed_is_said():
    on = laid(*numbered())
    assert [row.name for row in on.rows] == ["1–4.png"]
    found = could_be_either(on)
    assert found.assumed == (
        "1–4.png are read as 4 slices of one scan, in the order of their numbers."
    )
    assert found.otherwise == "They are modalities of one slice"


@pytest.mark.parametrize("count", [2, 3, 4])
def test_said_to_be_modalities_each_has_a_row_and_is_read_as_one(count):
    on = laid(*numbered(count=count))
    set_role(on.rows[0], "flair")
    read_otherwise(on, could_be_either(on))
    assert [row.name for row in on.rows] == [f"{n + 1}.png" for n in range(count)]
    assert roles(on) == [None] * count, "what was said of the stack is said of no picture"
    assert problem(on) == "Choose what 1.png is, or set it to “Not used”."
    given = MODALITIES[::-1][:count]
    for row, role in zip(on.rows, given, strict=True):
        set_role(row, role)
    assert problem(on) is None
    assert grid_differences(on) == []
    with case_files(on) as files:
        case = read_case(files)
    assert (case.name, case.shape[2]) == ("Uploaded_case", 1)
    assert set(case.present) == set(given)
    for role, bright in zip(given, BRIGHT, strict=False):
        shown = to_slices(case.volume)[0, MODALITIES.index(role)]
        np.testing.assert_array_equal(shown, disc(bright))


def test_the_word_can_be_taken_back():
    on = laid(Upload("a_t2.png", picture(disc())), *numbered())
    read_otherwise(on, could_be_either(on))
    found = could_be_either(on)
    assert found.assumed == "1–4.png are read as 4 images of one slice."
    read_otherwise(on, found)
    assert [row.name for row in on.rows] == ["a_t2.png", "1–4.png"]
    assert not could_be_either(on).apart


@pytest.mark.parametrize("name", ["P1/FLAIR_{}.png", "flair_{:03}.png"])
def test_where_names_tell_there_is_nothing_to_choose(name):
    assert could_be_either(laid(*numbered(name))) is None


def test_five_are_more_than_there_are_modalities():
    assert could_be_either(laid(*numbered(count=5))) is None


def test_slices_in_colour_or_with_a_mask_each_are_slices():
    colours = np.stack([disc(200), disc(90), disc(150)], -1)
    in_colour = [Upload(f"{n}.png", picture(colours)) for n in (1, 2)]
    assert could_be_either(laid(*in_colour)) is None
    mask = np.uint8(255) * (disc() > 205)
    masks = [Upload(f"{n}_mask.png", picture(mask)) for n in range(1, 5)]
    assert could_be_either(laid(*numbered(), *masks)) is None


def test_a_picture_that_cannot_stand_alone_is_told_and_the_slices_stay():
    bright = np.random.default_rng(0).integers(90, 255, (64, 64)).astype(np.uint8)
    uploads = numbered()
    uploads[1] = Upload("2.png", picture(bright))
    on = laid(*uploads)
    read_otherwise(on, could_be_either(on))
    assert [row.name for row in on.rows] == ["1–4.png"]
    assert len(on.refused) == 1
    assert on.refused[0].startswith("2.png looks like a photograph")
