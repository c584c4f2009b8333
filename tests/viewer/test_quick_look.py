"""The outline of a quick look in the panels that have no answer yet."""

import numpy as np
from playwright.sync_api import expect

from tests.viewer.bench import bench_panels, choose, press
from tests.viewer.compare_case import LARGEST, make_labels, make_quick_look
from tests.viewer.screen import (
    canvas,
    expect_slice,
    is_grey,
    picture,
    set_opacity,
    settle,
    truth_slice,
    voxels,
)
from viewer import Panel

THIRD = "A model with a name much longer than its panel is wide"


def unanswered(*, truth=True, answered=1):
    """Panels of which all but the first models are at work."""
    look, panels = make_quick_look(), bench_panels(truth=truth)[:-1]
    first = 1 if truth else 0
    return panels[: first + answered] + [
        Panel(each.key, each.name, each.colour, status="running", progress=0.4, quick_look=look)
        for each in panels[first + answered :]
    ]


def badges(page):
    """What stands on the pictures, by line."""
    return [text.split("\n") for text in page.locator(".quick:visible").all_inner_texts()]


def drawn_pixels(page, name):
    """How many pixels of a picture have a colour."""
    return int((np.ptp(picture(page, name).astype(int), axis=-1) > 60).sum())


def test_it_is_a_dashed_line_that_says_whose_it_is(bench):
    page = bench("?axial=10&opacity=100", panels=unanswered())
    assert badges(page) == [
        ["Quick look by Hasty", "ResNet34 U-Net at 40 %"],
        ["Quick look by Hasty", "TransUNet at 40 %"],
    ]
    inside = truth_slice(LARGEST) > 0
    assert is_grey(voxels(page, "TransUNet")[inside]), "it is no area"
    assert (voxels(page, "U-Net")[inside] != voxels(page, "TransUNet")[inside]).any()
    dashed = drawn_pixels(page, "TransUNet")
    choose(page, "Outline")
    assert drawn_pixels(page, "TransUNet") == dashed, "dashed, however answers are drawn"
    full = drawn_pixels(bench("?axial=10&outline=1", panels=_answered()), "TransUNet")
    assert 0.4 < dashed / full < 0.8
    choose(page, "ED")
    assert is_grey(picture(page, "TransUNet"))


def _answered():
    """The same panels, where the last has as an answer what the quick look draws."""
    labels = np.where(make_labels() > 0, 2, 0).astype(np.uint8)
    return [*unanswered()[:-1], Panel("transunet", "TransUNet", "#CC79A7", labels)]


def test_it_is_no_answer(bench):
    page = bench("?axial=10&layer=errors&opacity=100", panels=unanswered())
    assert badges(page) == []
    assert not is_grey(picture(page, "U-Net"))
    assert is_grey(picture(page, "TransUNet")), "its errors are nobody's"
    disagreement = page.get_by_role("button", name="Disagreement", exact=True)
    assert disagreement.get_attribute("title") == "Needs the answers of two models"
    caption = page.locator("figure").filter(has=canvas(page, "TransUNet")).locator("figcaption")
    assert caption.inner_text().split() == ["TransUNet", "40", "%"]


def test_hidden_names_stay_hidden(bench):
    page = bench("?blind=3", panels=unanswered())
    assert badges(page) == [["Quick look", "Model B at 40 %"], ["Quick look", "Model C at 40 %"]]
    press(page, "h")
    assert badges(page)[0][0] == "Quick look by Hasty"


def test_without_truth_it_says_where_to_begin_and_no_more(bench):
    page = bench(panels=unanswered(truth=False, answered=0))
    expect_slice(page, LARGEST + 1)
    expect(page.get_by_role("button", name="Largest tumour")).to_be_disabled()


def test_scrolling_it_asks_no_server_and_the_answer_moves_nothing(page):
    page.get_by_text("Give it a quick look").click()
    expect(page.get_by_text("Quick look by Hasty")).to_be_visible()
    set_opacity(page, 100)
    page.traffic.forget(page)
    canvas(page, "U-Net").click()
    for key in ("ArrowUp", "+", "3"):
        page.keyboard.press(key)
    expect_slice(page, LARGEST + 2)
    page.wait_for_timeout(600)  # the address has followed by then
    assert page.traffic.without_icon(page) == []
    before = picture(page, "Truth")
    assert drawn_pixels(page, THIRD) > 0
    page.get_by_text("Finish the third model").click()
    expect(page.get_by_text("2.0 s")).to_be_visible()
    settle(page)
    assert badges(page) == []
    expect_slice(page, LARGEST + 2)
    assert (picture(page, "Truth") == before).all()
    assert (picture(page, THIRD) == before).all()
