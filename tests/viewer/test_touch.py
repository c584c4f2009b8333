"""Fingers on a picture, as a phone's screen reports them."""

import re

import pytest

from tests.viewer.bench import press
from tests.viewer.screen import canvas, settle, zoomed_extent
from tests.viewer.test_cross_hair import VOXEL, lines_of, position_of

STEPS = 40


@pytest.fixture
def touch(bench):
    """The bench under a touch screen, and what puts fingers on it."""
    page = bench("?axial=10&opacity=100")
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True, "maxTouchPoints": 2})

    def put(kind, *points):
        fingers = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    return page, put


def pinch(put, middle, start, end):
    """Two fingers side by side, from one distance to another in many small moves."""
    x, y = middle
    for step in range(STEPS + 1):
        half = (start + (end - start) * step / STEPS) / 2
        put("touchMove" if step else "touchStart", (x - half, y), (x + half, y))
    put("touchEnd")


def middle_of(page):
    box = canvas(page, "Truth").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def zoom(page):
    settle(page)
    label = page.get_by_role("button", name=re.compile(r"^Zoom \d+ %")).get_attribute("aria-label")
    return int(re.search(r"\d+", label)[0])


def test_two_fingers_zoom_as_far_as_they_move_apart_and_back(touch):
    page, put = touch
    pinch(put, middle_of(page), 60, 150)
    assert zoom(page) == pytest.approx(250, abs=3)
    assert page.locator(".readout").inner_text() == "slice 10 of 20"
    assert page.locator(".spot").inner_text() == ""  # lifting two fingers is no tap
    pinch(put, middle_of(page), 150, 60)
    assert zoom(page) == 100
    page.wait_for_timeout(600)  # the address has followed by then
    assert "zoom" not in page.evaluate("location.search"), "whole again, and not 100.1 %"


def test_a_slow_pinch_is_not_lost_in_rounding(touch):
    page, put = touch
    pinch(put, middle_of(page), 100, 112)  # each of its steps is 3 thousandths
    assert zoom(page) == pytest.approx(112, abs=1)


def test_two_fingers_together_move_a_zoomed_picture(touch):
    page, put = touch
    press(page, "+", "+")
    _, before = zoomed_extent(page, "Truth")
    x, y = middle_of(page)
    for step in range(9):
        put("touchMove" if step else "touchStart", (x - 30 + 3 * step, y), (x + 30 + 3 * step, y))
    put("touchEnd")
    assert zoom(page) == 225
    assert zoomed_extent(page, "Truth")[1] == pytest.approx(before + 24, abs=2)


def test_one_finger_moves_a_zoomed_picture(touch):
    page, put = touch
    press(page, "+", "+")
    before = {name: zoomed_extent(page, name)[1] for name in ("Truth", "TransUNet")}
    x, y = middle_of(page)
    for step in range(9):
        put("touchMove" if step else "touchStart", (x + 4 * step, y))
    put("touchEnd")
    settle(page)
    for name, last in before.items():
        assert zoomed_extent(page, name)[1] == pytest.approx(last + 32, abs=2)
    assert page.locator(".readout").inner_text() == "slice 10 of 20"
    assert page.locator(".spot").inner_text() == "", "a drag is no tap"


def test_a_tap_places_the_cross_hair(touch):
    page, put = touch
    across, up = position_of(page, "U-Net", "axial", VOXEL)
    box = canvas(page, "U-Net").bounding_box()
    put("touchStart", (box["x"] + across, box["y"] + up))
    put("touchEnd")
    settle(page)
    for name in ("Truth", "U-Net"):
        assert lines_of(page, name) == pytest.approx((across, up), abs=1.5)
    assert page.locator(".spot").inner_text() != ""
    assert zoom(page) == 100
