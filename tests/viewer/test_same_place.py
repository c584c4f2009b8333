"""Another scan of the same head: the same anatomy stays in view, whatever the two grids are."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.viewer.bench import bench_panels, choose, leave, mount, press
from tests.viewer.compare_case import (
    PRESENT,
    SLICES_FARTHER_DOWN,
    SPACING,
    make_labels,
    make_scan,
)
from tests.viewer.compare_case import SHAPE as FIRST_SHAPE
from tests.viewer.screen import expect_slice, go_to, picture, settle
from tests.viewer.test_address import search_of
from viewer import Panel, Place, scan_payload
from viewer.parcel import read_header

# The first scan is that of the other tests; its grid has its origin inside.
FIRST = np.array([[1.0, 0, 0, -31], [0, 1.5, 0, -37], [0, 0, 3.0, -25], [0, 0, 0, 1]])
TURNED = np.deg2rad(12)
# The second: thicker sagittal slices, turned about x, and farther to each side.
SECOND_SHAPE = (24, 96, 100)
SECOND = np.array(
    [
        [4.0, 0, 0, -50],
        [0, np.cos(TURNED), -np.sin(TURNED), -40],
        [0, np.sin(TURNED), np.cos(TURNED), -55],
        [0, 0, 0, 1],
    ]
)
BALL = np.array([6.0, -4.0, 2.0])  # mm in the head
BALL_MM = 6.0
PLANES = {"Sagittal": 0, "Coronal": 1, "Axial": 2}  # the axis that each runs through
HEAD = "a head"


def make_head(shape, affine, *, ball=BALL) -> np.ndarray:
    """A dim head of 40 mm with one bright ball in it, as a scan of this grid sees it."""
    voxels = np.stack(np.meshgrid(*map(np.arange, shape), indexing="ij"), axis=-1)
    world = voxels @ affine[:3, :3].T + affine[:3, 3]
    head = np.linalg.norm(world / [20, 26, 20], axis=-1) < 1
    bright = np.linalg.norm(world - ball, axis=-1) < BALL_MM
    image = np.where(head, 100.0, 0.0) + 900.0 * bright
    return np.repeat(image[None].astype(np.float32), 4, axis=0)


def make_scan_of(shape, affine, **what) -> bytes:
    spacing = tuple(float(size) for size in np.linalg.norm(affine[:3, :3], axis=0))
    return scan_payload(make_head(shape, affine, **what), PRESENT, spacing)


def empty_panels(shape):
    """Four that found nothing, so that the pictures are as wide as their panels."""
    names = ["U-Net", "ResNet34 U-Net", "TransUNet", "Edge U-Net"]
    return [Panel(name, name, "#E69F00", np.zeros(shape, np.uint8)) for name in names]


@pytest.fixture(scope="module")
def first():
    """How the first scan is mounted, with its place in the head."""
    return {
        "scan": make_scan_of(FIRST_SHAPE, FIRST),
        "panels": empty_panels(FIRST_SHAPE),
        "affine": FIRST,
        "place": Place(HEAD, FIRST),
    }


@pytest.fixture(scope="module")
def second():
    return {
        "scan": make_scan_of(SECOND_SHAPE, SECOND),
        "panels": empty_panels(SECOND_SHAPE),
        "affine": SECOND,
        "place": Place(HEAD, SECOND),
    }


def start_at(voxel, *others):
    x, y, z = (at + 1 for at in voxel)
    return "&".join([f"?sagittal={x}&coronal={y}&axial={z}", *others])


def through(voxel, of=FIRST, to=SECOND, shape=SECOND_SHAPE):
    there = np.linalg.inv(to) @ of @ [*voxel, 1]
    return tuple(int(at) for at in np.clip(np.floor(there[:3] + 0.5), 0, np.subtract(shape, 1)))


def shown_voxel(page):
    voxel = [0, 0, 0]
    for plane, axis in PLANES.items():
        choose(page, plane)
        voxel[axis] = int(page.locator(".readout").inner_text().split()[1]) - 1
    return tuple(voxel)


def ball_on(page):
    """The middle of the ball from the canvas's middle, and its area, in pixels."""
    bright = picture(page, "U-Net")[..., 0] > 200
    rows, columns = bright.nonzero()
    height, width = bright.shape
    return np.array([columns.mean() - width / 2, rows.mean() - height / 2]), bright.sum()


@pytest.mark.parametrize("voxel", [(37, 22, 9), (20, 30, 5), (44, 14, 12)])
def test_the_three_slices_meet_in_the_same_point_of_the_head(bench, first, second, voxel):
    page = bench(start_at(voxel, "cross=1"), **first)
    mount(page, **second)
    assert shown_voxel(page) == through(voxel)
    choose(page, "Axial")
    spot = page.locator(".spot").inner_text()
    x, y, _ = (SECOND @ [*through(voxel), 1])[:3]
    assert spot.startswith(f"{abs(x):.1f} {'LR'[int(x >= 0)]}, {abs(y):.1f} {'PA'[int(y >= 0)]}")


def test_there_and_back_again_ends_where_it_began(bench, first, second):
    voxel = (38, 23, 9)
    assert through(through(voxel), SECOND, FIRST, FIRST_SHAPE) != voxel, "rounding would lose it"
    page = bench(start_at(voxel), **first)
    mount(page, **second)
    mount(page, **first)
    assert shown_voxel(page) == voxel
    mount(page, **second)
    press(page, "a", "PageUp")  # who moves in between has left that point
    moved = (*through(voxel)[:2], through(voxel)[2] + 10)
    mount(page, **first)
    assert shown_voxel(page) == through(moved, SECOND, FIRST, FIRST_SHAPE)


def test_a_place_outside_the_other_scan_is_shown_at_its_edge(bench, first, second):
    voxel = (59, 47, 19)
    small = {**second, "place": Place(HEAD, SECOND @ np.diag([0.3, 0.3, 0.3, 1]))}
    page = bench(start_at(voxel), **first)
    mount(page, **small)
    expected = through(voxel, to=SECOND @ np.diag([0.3, 0.3, 0.3, 1]))
    assert shown_voxel(page) == expected
    assert expected[1] == SECOND_SHAPE[1] - 1
    mount(page, **first)
    assert shown_voxel(page) == voxel


@pytest.mark.parametrize("window", [(1440, 900), (1440, 500), (390, 844)])
def test_what_is_zoomed_in_on_stays_in_the_middle_and_as_large(bench, first, second, window):
    middle = np.linalg.inv(FIRST) @ [*BALL, 1]
    centre = "_".join(f"{at + 0.5:.2f}" for at in middle[:3])
    voxel = tuple(int(at) for at in np.rint(middle[:3]))
    page = bench(start_at(voxel, "zoom=260", f"centre={centre}"), **first)
    page.set_viewport_size(dict(zip(("width", "height"), window, strict=True)))
    settle(page)
    before, area = ball_on(page)
    assert np.abs(before).max() < 8
    mount(page, **second)
    after, same_area = ball_on(page)
    # The voxels of the two scans are up to 4 mm wide, a mm is about 20 pixels.
    assert np.abs(after).max() < 40
    assert same_area == pytest.approx(area, rel=0.25)
    zoom = page.locator("button[aria-label$='whole picture (0)']")
    assert zoom.text_content() != "260 %"
    mount(page, **first)
    assert zoom.text_content() == "260 %"
    assert ball_on(page)[0] == pytest.approx(before, abs=2)


def test_a_whole_picture_stays_whole_and_windows_are_forgotten(bench, first, second):
    page = bench(start_at((37, 22, 9), "modality=t2", "window=40_90"), **first)
    mount(page, **second)
    assert page.get_by_text("100 %").is_visible()
    search = search_of(page)
    assert "modality=t2" in search
    assert "window" not in search


def test_the_address_follows(bench, first, second):
    voxel = (37, 22, 9)
    page = bench(start_at(voxel), **first)
    mount(page, **second)
    x, y, z = (at + 1 for at in through(voxel))
    given = search_of(page).removeprefix("?").split("&")
    assert sorted(given) == [f"axial={z}", f"coronal={y}", f"sagittal={x}"]


def test_it_holds_in_the_app(page):
    go_to(page, 7)
    page.get_by_text("Show the other scan").click()
    expect_slice(page, 8 + SLICES_FARTHER_DOWN)
    page.get_by_text("other", exact=True).click()
    expect(page.locator("canvas")).to_have_count(0)
    page.get_by_text("Show the other scan").click()
    page.get_by_text("compare", exact=True).click()
    expect_slice(page, 8)


def test_it_holds_through_another_page(bench, first, second):
    voxel = (37, 22, 9)
    page = bench(start_at(voxel, "cross=1", "zoom=200", "centre=30_22_9"), **first)
    leave(page)
    assert page.locator("canvas").count() == 0
    mount(page, **second)
    assert shown_voxel(page) == through(voxel)
    assert page.locator(".spot").inner_text() != ""
    assert not page.get_by_text("100 %").is_visible()


def test_before_anything_is_chosen_the_tumour_is_still_gone_to(bench, first, second):
    """The middle of the brain stays in view, and gives way to the first tumour that is found."""
    page = bench(**first)
    middle = [(start + stop) // 2 for start, stop in read_header(first["scan"])["box"]]
    mount(page, **second)
    assert shown_voxel(page) == through(middle)
    labels = np.zeros(SECOND_SHAPE, np.uint8)
    labels[3:5, 20:22, 70:72] = 2
    found = Panel("unet", "U-Net", "#E69F00", labels)
    mount(page, **{**second, "panels": [found]})
    assert shown_voxel(page) == (3, 20, 70)


@pytest.mark.parametrize("unknown", ["this", "before", "another head"])
def test_without_a_place_in_one_head_another_scan_starts_afresh(bench, first, unknown):
    truth = {
        "scan": make_scan(),
        "panels": bench_panels(),
        "place": Place("another" if unknown == "another head" else HEAD, FIRST),
    }
    if unknown == "this":
        truth["place"] = None
    if unknown == "before":
        first = {**first, "place": None}
    page = bench(start_at((20, 12, 3), "cross=1", "zoom=300", "centre=30_22_9"), **first)
    mount(page, **truth)
    labels = make_labels() > 0
    largest = [int(labels.sum(axis=tuple({0, 1, 2} - {axis})).argmax()) for axis in range(3)]
    assert shown_voxel(page) == tuple(largest)
    assert page.get_by_text("100 %").is_visible()
    assert page.locator(".spot").inner_text() == ""


def test_the_same_scan_again_changes_nothing(bench, first):
    page = bench(start_at((37, 22, 9), "zoom=200", "centre=30_22_9"), **first)
    before = picture(page, "U-Net")
    mount(page, **first)
    mount(page, **{**first, "place": Place(HEAD, SECOND)})  # as after another alignment
    settle(page)
    assert (picture(page, "U-Net") == before).all()


@pytest.mark.parametrize(
    "matrix", [np.zeros((4, 4)), np.eye(3), np.full((4, 4), np.nan), np.diag([1, 1, 0, 1])]
)
def test_a_matrix_that_cannot_be_gone_back_through_is_refused(matrix):
    with pytest.raises(ValueError, match="no invertible"):
        Place(HEAD, matrix)


def test_the_spacing_of_the_case_is_that_of_its_matrix():
    assert np.linalg.norm(FIRST[:3, :3], axis=0) == pytest.approx(SPACING)
