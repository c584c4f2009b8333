"""From a segmentation to its files and its 3D scene, in a real browser against the real app."""

import io
import re
import zipfile
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from benchmarks.browser import PATIENCE_MS, drop_files
from inference.__main__ import main

pytestmark = pytest.mark.browser

MODELS = ("unet", "resnet_unet", "transunet", "consensus")
SMALL_SCREEN = {"width": 1280, "height": 720}  # a scene is drawn by the processor, pixel by pixel


@pytest.fixture(scope="module")
def segmented(visitors, address, few_slices):
    """A page whose visitor has opened a case and seen it segmented."""
    with visitors.come(address, viewport=SMALL_SCREEN) as page:
        page.goto("/")
        drop_files(page, *sorted(few_slices.iterdir()))
        page.get_by_role("button", name=re.compile("^Open (these|the) files")).click()
        page.wait_for_url("**/compare")
        yield page


def go_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible(timeout=PATIENCE_MS)


def download(page: Page, button: str, folder: Path) -> Path:
    with page.expect_download(timeout=PATIENCE_MS) as waiting:
        page.get_by_role("button", name=re.compile(button)).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.fixture(scope="module")
def report(segmented):
    """The report page with its files made."""
    go_to(segmented, "Report")
    expect(segmented.get_by_text("Where the models differ")).to_be_visible(timeout=PATIENCE_MS)
    expect(segmented.get_by_text("Consensus", exact=True).first).to_be_attached(timeout=PATIENCE_MS)
    expect(segmented.get_by_role("progressbar")).to_have_count(0, timeout=PATIENCE_MS)
    segmented.get_by_role("button", name="Make the files").click()
    button = segmented.get_by_role("button", name=re.compile("Everything as one zip"))
    expect(button).to_be_visible(timeout=PATIENCE_MS)
    return segmented


def test_the_downloaded_label_maps_are_those_of_the_command_line(report, few_slices, tmp_path):
    assert main([str(few_slices), "--output", str(tmp_path / "cli")]) == 0
    alone = download(report, "Label map: U-Net", tmp_path)
    assert_same_image(alone, tmp_path / "cli" / "unet.nii.gz")
    whole = download(report, "Everything as one zip", tmp_path)
    with zipfile.ZipFile(whole) as packed:
        packed.extractall(tmp_path)
    for name in MODELS:
        [ours] = tmp_path.glob(f"*/labels/small_{name}.nii.gz")
        assert_same_image(ours, tmp_path / "cli" / f"{name}.nii.gz")


def assert_same_image(ours: Path, theirs: Path) -> None:
    first, second = nib.load(ours), nib.load(theirs)
    np.testing.assert_array_equal(np.asarray(first.dataobj), np.asarray(second.dataobj))
    assert first.header == second.header
    np.testing.assert_array_equal(first.affine, second.affine)


def test_the_report_downloads_as_pdf(report, tmp_path):
    file = download(report, r"Report \(PDF\)", tmp_path)
    pages = PdfReader(io.BytesIO(file.read_bytes())).pages
    assert 1 <= len(pages) <= 2
    assert all("Not a medical device" in page.extract_text() for page in pages)
    assert file.name == "small_report.pdf"


def test_the_scene_is_drawn_without_anyone_elses_help(segmented, address):
    elsewhere = []
    segmented.on("request", lambda request: elsewhere.append(request.url))
    go_to(segmented, "3D")
    canvases = segmented.locator(".js-plotly-plot canvas")
    expect(canvases).to_have_count(4, timeout=PATIENCE_MS)
    segmented.wait_for_timeout(2000)
    for scene in segmented.get_by_test_id("stPlotlyChart").all():
        picture = Image.open(io.BytesIO(scene.screenshot())).convert("RGB")
        shades = picture.getcolors(maxcolors=picture.width * picture.height)
        assert len(shades) > 500, "letters alone have a few dozen"
    strangers = [url for url in elsewhere if not url.startswith((address, "blob:", "data:"))]
    assert strangers == [], "a machine without network could not fetch these"


def test_scenes_turn_together_outlast_a_slider_and_the_page_and_turn_by_keyboard(segmented):
    see_scenes(segmented)
    before = eyes(segmented)
    assert len(before) == 4
    turn(segmented)
    turned = eyes(segmented)
    assert np.abs(turned[0] - before[0]).max() > 0.1
    np.testing.assert_allclose(turned[1:], np.broadcast_to(turned[0], (3, 3)), atol=0.02)
    segmented.get_by_role("slider", name="Brain opacity").press("ArrowRight")
    segmented.get_by_text("20", exact=True).wait_for()
    segmented.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    come_to_look_from(segmented, turned)
    go_to(segmented, "About")
    see_scenes(segmented)
    come_to_look_from(segmented, turned)
    segmented.get_by_text("Overlaid", exact=True).click()
    expect(segmented.locator(".js-plotly-plot canvas")).to_have_count(1, timeout=PATIENCE_MS)
    come_to_look_from(segmented, turned[:1])
    for name, side in {"Left": (-1.6, 0, 0), "Reset": (0.52, 1.37, 0.55)}.items():
        segmented.get_by_role("button", name=name, exact=True).press("Enter")
        come_to_look_from(segmented, [side])


def test_six_readings_are_compared_where_it_is_asked_for(segmented):
    go_to(segmented, "Uncertainty")
    segmented.get_by_role("button", name="Compare six readings").click()
    told = segmented.get_by_text(re.compile("six readings (put|draw)"))
    expect(told).to_be_visible(timeout=PATIENCE_MS)
    drawn_on = segmented.get_by_role("img", name=re.compile("^The consensus.* slice"))
    map_over_it = segmented.get_by_role("img", name=re.compile(": how undecided .* slice"))
    for picture in (drawn_on, map_over_it):
        expect(picture).to_be_visible(timeout=PATIENCE_MS)
    segmented.wait_for_function(
        "([first, second]) => first.toDataURL() !== second.toDataURL()",
        arg=[drawn_on.element_handle(), map_over_it.element_handle()],
    )


def see_scenes(page: Page) -> None:
    go_to(page, "3D")
    expect(page.get_by_role("progressbar")).to_have_count(0, timeout=PATIENCE_MS)
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    for drawn in (".js-plotly-plot", ".js-plotly-plot canvas"):
        expect(page.locator(drawn)).to_have_count(4, timeout=PATIENCE_MS)


def turn(page: Page) -> None:
    """Turn the first scene by the mouse, until it comes to rest."""
    first = page.get_by_test_id("stPlotlyChart").first.bounding_box()
    x, y = first["x"] + first["width"] / 2, first["y"] + first["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 20, steps=5)
    page.mouse.up()
    page.wait_for_timeout(2000)


def come_to_look_from(page: Page, expected) -> None:
    """A scene is drawn a moment after its chart is there, and drawn again some moments later.

    A chart that is drawn anew may stand beside its former self for a moment: looked at twice.
    """
    right = 0
    for _ in range(30):
        page.wait_for_timeout(500)
        found = eyes(page)
        as_expected = len(found) == len(expected) and np.abs(found - expected).max() < 0.05
        right = right + 1 if as_expected else 0
        if right == 2:
            break
    np.testing.assert_allclose(eyes(page), expected, atol=0.05)


def eyes(page: Page) -> np.ndarray:
    """Where each scene is looked at from, (scenes, 3)."""
    # While a page draws itself again a chart may stand there before its scene does: waiting and
    # reading are one call, so that nothing is drawn again in between.
    found = page.wait_for_function(
        """() => {
            const charts = [...document.querySelectorAll(".js-plotly-plot")];
            const scenes = charts.map(chart => chart._fullLayout?.scene?._scene);
            return scenes.every(Boolean) && scenes.map(scene => scene.getCamera().eye);
        }"""
    ).json_value()
    return np.array([[eye[axis] for axis in "xyz"] for eye in found])
