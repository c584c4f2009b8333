"""The outline of the brain mask: where the mask ends, in every panel, plane and convention."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.viewer.bench import bench_panels, choose, press
from tests.viewer.compare_case import SHAPE, make_scan
from tests.viewer.screen import AXES, canvas, picture, scale_of, settle, wait_until_ready
from tests.viewer.test_picture import save
from viewer import compare_view, labels_payload, panels_payload
from viewer.bundle import BROWSER
from viewer.parcel import read_header

NAMES = ["Truth", "U-Net", "ResNet34 U-Net", "TransUNet"]
BUTTON = "Outline of the brain mask (B)"
COLOUR = re.search(
    r'name: "Brain mask", colour: "#(\w+)"',
    Path(BROWSER / "slice" / "brain_outline.js").read_text("utf-8"),
)[1]
OPACITY = 0.85

# Asymmetric along each axis and away from its middle, so that no flip or transposition looks the
# same; inside the box of the scan.
MASK = (slice(12, 44), slice(14, 38), slice(6, 16))


def make_mask() -> np.ndarray:
    mask = np.zeros(SHAPE, np.uint8)
    mask[MASK] = 1
    return mask


@pytest.fixture
def brain():
    return labels_payload(make_mask())


def is_line(pixels):
    """The pixels of the line's colour over black: the image is far darker there, or grey."""
    line = np.array([int(COLOUR[i : i + 2], 16) for i in (0, 2, 4)])
    seen = pixels.astype(int)
    # Over a grey g the line is OPACITY * line + (1 - OPACITY) * g, the same g in each channel.
    over = seen - OPACITY * line
    return (np.ptp(over, axis=-1) <= 6) & (over.mean(axis=-1) > -6) & (over.mean(axis=-1) < 45)


def edges_of(pixels):
    """The first and last column, and row, of most of the line's pixels."""
    hits = is_line(pixels)
    columns = np.flatnonzero(hits.sum(axis=0) > hits.sum(axis=0).max() / 2)
    rows = np.flatnonzero(hits.sum(axis=1) > hits.sum(axis=1).max() / 2)
    return columns[0], columns[-1], rows[0], rows[-1]


def expected_edges(pixels, plane, *, radiological):
    """The same for MASK, in pixels from the canvas's corner."""
    header = read_header(make_scan())
    scale = scale_of(pixels, header, plane)
    places = []
    mirrored = (radiological or plane == "sagittal", True)  # anterior, or superior, is on top
    for axis, flip, room in zip(AXES[plane], mirrored, pixels.shape[1::-1], strict=True):
        low, high = header["box"][axis]
        size = header["spacing"][axis] * scale
        start = (room - (high - low) * size) / 2
        ends = (MASK[axis].start, MASK[axis].stop)
        steps = [high - end for end in ends[::-1]] if flip else [end - low for end in ends]
        places += [start + step * size for step in steps]
    return places


@pytest.mark.parametrize("convention", ["radiological", "neurological"])
@pytest.mark.parametrize("plane", AXES)
def test_it_runs_where_the_mask_ends_in_every_panel(bench, brain, plane, convention):
    page = bench(f"?brain=1&hide=1_2_3&plane={plane}&view={convention}&axial=10", brain=brain)
    for name in NAMES:
        seen = picture(page, name)
        expected = expected_edges(seen, plane, radiological=convention == "radiological")
        assert edges_of(seen) == pytest.approx(expected, abs=2), name


def test_it_is_off_until_it_is_switched_on_by_button_or_key(bench, brain):
    page = bench("?axial=10&hide=1_2_3", brain=brain)
    before = picture(page, "Truth")
    button = page.get_by_role("button", name=BUTTON)
    assert button.get_attribute("aria-pressed") == "false"
    assert not is_line(before).any()
    choose(page, BUTTON)
    assert button.get_attribute("aria-pressed") == "true"
    assert is_line(picture(page, "Truth")).any()
    press(page, "b")
    assert (picture(page, "Truth") == before).all()
    press(page, "?")
    assert page.get_by_text("Outline of the brain mask, where there is one").is_visible()


def test_the_address_holds_it(bench, brain):
    page = bench("?axial=10&hide=1_2_3", brain=brain)
    press(page, "b")
    page.wait_for_timeout(700)
    search = page.evaluate("location.search")
    assert "brain=1" in search
    other = bench(search, brain=brain)
    assert (picture(other, "U-Net") == picture(page, "U-Net")).all()
    press(page, "b")
    page.wait_for_timeout(700)
    assert "brain" not in page.evaluate("location.search")


def test_labels_lie_over_it(bench):
    """The tumour of the case crosses no edge of the mask, so the mask is cut through it here."""
    mask = make_mask()
    mask[40:] = 0
    page = bench("?brain=1&axial=10&opacity=100", brain=labels_payload(mask))
    shown = picture(page, "Truth")
    press(page, "b")
    plain = picture(page, "Truth")
    tumour = np.ptp(plain.astype(int), axis=-1) > 60
    assert (shown != plain).any()
    inside = tumour & np.roll(tumour, 2, 1) & np.roll(tumour, -2, 1)  # its rim is blended
    assert inside.any()
    assert (shown[inside] == plain[inside]).all()


def test_the_image_alone_has_it_too(bench, brain):
    page = bench("?brain=1&axial=10&panels=plain", brain=brain)
    assert is_line(picture(page, "Image only")).any()
    _, _, words = save(page)
    assert "Brain mask" in words


def test_a_slice_without_brain_has_none(bench, brain):
    page = bench("?brain=1&axial=5&hide=1_2_3", brain=brain)
    assert not is_line(picture(page, "Truth")).any()
    press(page, "PageUp")
    assert is_line(picture(page, "Truth")).any()


def test_a_hole_has_a_line_of_its_own(bench, brain):
    mask = make_mask()
    mask[22:34, 20:32] = 0
    whole, holed = (
        picture(bench("?brain=1&axial=10&hide=1_2_3", brain=sent), "Truth")
        for sent in (brain, labels_payload(mask))
    )
    left, right, top, bottom = edges_of(whole)
    within = np.s_[top + 6 : bottom - 5, left + 6 : right - 5]
    assert not is_line(whole[within]).any()
    assert is_line(holed[within]).sum() > 100


def test_a_mask_beyond_the_tissue_is_not_cut(bench):
    """The picture then covers both, as with labels outside the brain."""
    mask = np.zeros(SHAPE, np.uint8)
    mask[1:-1, 1:-1, 1:-1] = 1
    page = bench("?brain=1&axial=10&hide=1_2_3", brain=labels_payload(mask))
    left, right, top, bottom = edges_of(picture(page, "Truth"))
    height, width = picture(page, "Truth").shape[:2]
    covered = max((right - left) / width, (bottom - top) / height)
    assert covered > 0.95


def test_the_saved_picture_has_it_and_says_what_it_is(bench, brain):
    page = bench("?brain=1&axial=10", brain=brain)
    _, pixels, words = save(page)
    assert "ET enhancing tumour Brain mask" in words
    assert is_line(pixels).sum() > 0.9 * 4 * is_line(picture(page, "Truth")).sum()
    press(page, "b")
    _, _, words = save(page)
    assert "Brain mask" not in words


def test_without_a_mask_there_is_no_button_and_nothing_to_see(bench):
    page = bench("?axial=10&brain=1")
    assert page.get_by_role("button", name=BUTTON).count() == 0
    before = picture(page, "Truth")
    press(page, "b")
    assert (picture(page, "Truth") == before).all()
    _, _, words = save(page)
    assert "Brain mask" not in words


def test_on_a_phone_the_button_is_in_the_folded_toolbar(bench, brain):
    page = bench("?axial=10&hide=1_2_3", brain=brain)
    page.set_viewport_size({"width": 390, "height": 844})
    settle(page)
    assert not page.get_by_role("button", name=BUTTON).is_visible()
    choose(page, "View")
    choose(page, BUTTON)
    assert is_line(picture(page, "Truth")).any()
    assert canvas(page, "Truth").is_visible()


def test_a_rerun_brings_it_and_the_server_is_not_asked(page):
    assert page.get_by_role("button", name=BUTTON).count() == 0
    page.get_by_text("Give it a brain mask").click()
    button = page.get_by_role("button", name=BUTTON)
    expect(button).to_be_visible()
    wait_until_ready(page)
    before = picture(page, "U-Net")
    page.traffic.forget(page)
    button.click()
    settle(page)
    assert is_line(picture(page, "U-Net")).sum() > is_line(before).sum()
    assert page.traffic.without_icon(page) == []


def test_a_mask_of_another_shape_is_refused():
    scan, panels = make_scan(), panels_payload(bench_panels())
    wrong = labels_payload(np.ones((4, 5, 6), np.uint8))
    with pytest.raises(ValueError, match=r"shape \[4, 5, 6\], the scan \[60, 48, 20\]"):
        compare_view(scan, panels, key="k", brain=wrong)
