"""Cross-hair, zoom and pan: in step in every panel, and true to the array."""

import re

import numpy as np
import pytest

from tests.viewer.bench import AFFINE, choose, press, shown_names
from tests.viewer.compare_case import PRESENT, SHAPE, make_labels, make_scan, make_volume
from tests.viewer.screen import AXES, canvas, picture, scale_of, settle, zoomed_extent
from viewer.parcel import read_header

NAMES = ["Truth", "U-Net", "ResNet34 U-Net", "TransUNet"]
CROSS = (0x8E, 0xC5, 0xFF)
VOXEL = (44, 21, 11)


def position_of(page, name, plane, voxel):
    """CSS pixels from the canvas's corner to the middle of a voxel, radiological convention."""
    header = read_header(make_scan())
    pixels = picture(page, name)
    scale = scale_of(pixels, header, plane)
    across, up = AXES[plane]
    low_up, high_up = header["box"][up]
    low, high = header["box"][across]
    size = np.array([header["spacing"][across], header["spacing"][up]]) * scale
    start = (np.array(pixels.shape[1::-1]) - np.array([high - low, high_up - low_up]) * size) / 2
    steps = np.array([high - 0.5 - voxel[across], high_up - 0.5 - voxel[up]])
    return start + steps * size


def click_voxel(page, name, plane, voxel):
    x, y = position_of(page, name, plane, voxel)
    canvas(page, name).click(position={"x": x, "y": y})
    settle(page)


def lines_of(page, name):
    """The column and the row that the cross-hair's lines run along."""
    hits = (picture(page, name) == CROSS).all(axis=-1)
    return int(hits.sum(axis=0).argmax()), int(hits.sum(axis=1).argmax())


def spot(page):
    return page.locator(".spot").inner_text()


def test_a_click_places_it_in_every_panel_and_the_three_planes_meet_there(bench):
    page = bench("?axial=12")
    click_voxel(page, "U-Net", "axial", VOXEL)
    for plane in ("axial", "coronal", "sagittal"):
        choose(page, plane.title())
        normal = 3 - sum(AXES[plane])
        expected = f"slice {VOXEL[normal] + 1} of {SHAPE[normal]}"
        assert page.locator(".readout").inner_text() == expected
        for name in NAMES:
            assert lines_of(page, name) == pytest.approx(
                position_of(page, name, plane, VOXEL), abs=1.5
            )


def test_its_place_in_mm_the_image_and_the_labels_are_those_of_the_arrays(bench):
    page = bench("?axial=12&modality=t2")
    for voxel in [VOXEL, (43, 24, 11), (20, 20, 11)]:
        click_voxel(page, "Truth", "axial", voxel)
        x, y, z = (AFFINE @ [*voxel, 1])[:3]
        sides = [("LR"[int(x >= 0)], x), ("PA"[int(y >= 0)], y), ("S", z)]
        expected = ", ".join(f"{abs(mm):.1f} {side}" for side, mm in sides) + " mm"
        place, value = spot(page).split(" · ")
        assert place == expected
        volume = make_volume()[2]
        low, high = read_header(make_scan())["modalities"][PRESENT.index("t2")]["window"]
        shown = float(re.fullmatch(r"T2 [≤≥]? ?([\d.]+)", value)[1])
        assert shown == pytest.approx(np.clip(volume[voxel], low, high), abs=(high - low) / 254)
        label = ["No tumour", "Necrotic core", "Oedema", "Enhancing tumour"][make_labels()[voxel]]
        assert page.locator(".note").first.inner_text() == label


def test_without_an_affine_it_gives_the_voxel(bench):
    page = bench("?axial=12", affine=None)
    click_voxel(page, "Truth", "axial", VOXEL)
    assert spot(page).startswith(f"voxel {', '.join(map(str, VOXEL))} · ")


def test_keys_move_it_towards_the_side_they_point_to(bench):
    page = bench("?axial=12")
    click_voxel(page, "Truth", "axial", VOXEL)
    before = lines_of(page, "TransUNet")
    press(page, "Shift+ArrowRight", "Shift+ArrowRight", "Shift+ArrowUp")
    after = lines_of(page, "TransUNet")
    assert after[0] > before[0]
    assert after[1] < before[1]
    x, y, _ = AFFINE[:3, 3] + np.diag(AFFINE)[:3] * np.add(VOXEL, (-2, 1, 0))
    assert spot(page).startswith(f"{abs(x):.1f} R, {abs(y):.1f}")
    press(page, "x")
    assert spot(page) == ""
    assert not (picture(page, "Truth") == CROSS).all(axis=-1).any()


def test_keys_zoom_about_it(bench):
    page = bench("?axial=12")
    click_voxel(page, "Truth", "axial", VOXEL)
    before = lines_of(page, "Truth")
    press(page, "+", "+", "+")
    assert lines_of(page, "Truth") == pytest.approx(before, abs=4)
    press(page, "-", "-", "-")
    assert lines_of(page, "Truth") == pytest.approx(before, abs=1)


def test_a_zoomed_picture_follows_it(bench):
    page = bench("?axial=12&zoom=400")
    click_voxel(page, "Truth", "axial", VOXEL)  # wherever that is in the zoomed picture
    for keys in (["Shift+ArrowRight"] * 25, ["Shift+ArrowUp"] * 20, ["Shift+ArrowLeft"] * 40):
        press(page, *keys)
        assert_cross_is_seen(page)
    choose(page, "Coronal")
    assert_cross_is_seen(page)
    assert page.get_by_text("400 %").is_visible()
    press(page, "0", "x", "+", "+", "+")
    press(page, "x", "+")  # it was left outside of the picture
    assert_cross_is_seen(page)


def assert_cross_is_seen(page):
    for name in NAMES:
        hits = (picture(page, name) == CROSS).all(axis=-1)
        assert hits.sum(axis=0).max() > 0.8 * hits.shape[0], "from top to bottom"
        assert hits.sum(axis=1).max() > 0.8 * hits.shape[1], "and from side to side"


def test_without_it_the_same_keys_move_a_zoomed_picture(bench):
    page = bench("?axial=10&opacity=100")
    whole = picture(page, "Truth")
    press(page, "Shift+ArrowLeft")
    assert (picture(page, "Truth") == whole).all()
    press(page, "+", "+")
    before = {name: zoomed_extent(page, name)[1] for name in NAMES[:2]}
    press(page, "Shift+ArrowLeft")
    step = zoomed_extent(page, "Truth")[1] - before["Truth"]
    assert step > 20, "what was left of the picture comes into it"
    for name, last in before.items():
        assert zoomed_extent(page, name)[1] == pytest.approx(last + step, abs=2)
    press(page, "Shift+ArrowRight")
    assert zoomed_extent(page, "Truth")[1] == pytest.approx(before["Truth"], abs=2)
    assert spot(page) == ""
    press(page, "?")
    assert page.get_by_text("Move the cross-hair; without it, a zoomed picture").is_visible()


def test_ctrl_and_wheel_zoom_about_the_pointer_in_every_panel(bench):
    page = bench("?axial=10&opacity=100")
    width, _ = zoomed_extent(page, "Truth")
    x, y = position_of(page, "Truth", "axial", (41, 23, 9))
    canvas(page, "Truth").hover(position={"x": x, "y": y})
    held = picture(page, "Truth")[int(y), int(x)]
    page.keyboard.down("Control")
    page.mouse.wheel(0, -250)
    page.keyboard.up("Control")
    settle(page)
    assert page.get_by_text("200 %").is_visible()
    for name in NAMES[:2]:
        assert zoomed_extent(page, name)[0] == pytest.approx(2 * width, abs=4)
    assert (picture(page, "Truth")[int(y), int(x)] == held).all()
    canvas(page, "U-Net").dblclick()
    press(page, "x")  # the clicks have placed the cross-hair
    assert page.get_by_text("100 %").is_visible()
    assert zoomed_extent(page, "Truth")[0] == pytest.approx(width, abs=1)


def test_a_drag_moves_a_zoomed_picture_in_every_panel(bench):
    page = bench("?axial=10&opacity=100")
    press(page, "+", "+")
    assert page.get_by_text("225 %").is_visible()
    before = {name: zoomed_extent(page, name)[1] for name in NAMES[:2]}
    box = canvas(page, "Truth").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 150)
    page.mouse.down()
    page.mouse.move(box["x"] + 230, box["y"] + 150, steps=3)
    page.mouse.up()
    settle(page)
    for name, last in before.items():
        assert zoomed_extent(page, name)[1] == pytest.approx(last + 30, abs=2)
    assert spot(page) == ""  # a drag is no click
    press(page, "0")
    assert page.get_by_text("100 %").is_visible()
    assert shown_names(page) == NAMES
