"""Few slices, many slices and long names, in a real browser at a desk and on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browser import PATIENCE_MS, drop_files
from tests.support.hard_files import small_thick, small_thin

pytestmark = pytest.mark.browser

WIDTHS = (1440, 390)
# What sticks out of the screen to a side: the page itself, or a part of the text.
OUTSIDE = """text => {
    const range = document.createRange();
    range.selectNodeContents(text);
    const main = document.querySelector("[data-testid=stMain]");
    return {
        page: document.documentElement.scrollWidth - innerWidth,
        main: main.scrollWidth - main.clientWidth,
        left: Math.min(...[...range.getClientRects()].map(({left}) => left)) < 0,
        right: Math.max(...[...range.getClientRects()].map(({right}) => right)) > innerWidth,
        cut: text.scrollWidth > text.clientWidth,
    };
}"""
INSIDE = {"page": 0, "main": 0, "left": False, "right": False, "cut": False}
DRAWN = """canvas => {
    if (!canvas.width || !canvas.height) return false;
    const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some(value => value > 0);
}"""


@pytest.mark.parametrize(
    ("write", "slices", "names"),
    [(small_thick, 30, ("Compare", "3D", "Report")), (small_thin, 300, ("Compare",))],
)
def test_every_page_of_a_case_fits_its_screen(page, tmp_path, write, slices, names):
    page.goto("/")
    drop_files(page, *write(tmp_path))
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    page.get_by_text("Time from the files to the label map").wait_for()
    for name in names:
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.get_by_role("link", name=name, exact=True).click()
        arrived(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            if name == "Compare":
                see_bars(page, slices)
            page.wait_for_timeout(500)
            told = page.get_by_text("4/4 modalities · truth").first
            expect(told).to_be_visible(timeout=PATIENCE_MS)
            assert told.evaluate(OUTSIDE) == INSIDE, f"{name}, {width} pixels wide"


def arrived(page: Page) -> None:
    expect(page.locator(".st-key-disclaimer")).to_be_visible(timeout=PATIENCE_MS)
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()


def see_bars(page: Page, slices: int) -> None:
    readout = page.locator(".readout")
    expect(readout).to_have_text(re.compile(f"of {slices}$"), timeout=PATIENCE_MS)
    bars = page.locator("canvas.bars")
    for _ in range(100):
        if bars.evaluate(DRAWN):
            return
        page.wait_for_timeout(100)
    raise AssertionError("no bar is drawn")
