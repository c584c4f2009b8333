"""Without WebGL the 3D page says so in our words, and with it says nothing."""

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS, drop_files

pytestmark = pytest.mark.browser

WITHOUT = """
    const plain = HTMLCanvasElement.prototype.getContext;
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        return kind.includes("webgl") ? null : plain.call(this, kind, ...rest);
    };
"""


@pytest.mark.parametrize("missing", [True, False])
def test_a_browser_without_webgl_is_told(page, few_slices, missing):
    if missing:
        page.add_init_script(WITHOUT)
    page.goto("/")
    drop_files(page, *sorted(few_slices.iterdir()))
    page.get_by_role("button", name="Open these files").click()
    page.get_by_text("Time from the files to the label map").wait_for(timeout=PATIENCE_MS)
    page.locator('a[href$="/view3d"]').first.dispatch_event("click")
    how_to = page.get_by_text("Drag to turn")
    how_to.wait_for(timeout=PATIENCE_MS, state="attached")
    note = page.get_by_text("This browser cannot draw in 3D")
    if missing:
        expect(note).to_be_visible()
        expect(how_to).to_be_hidden()
        expect(page.get_by_text("WebGL is not supported").first).to_be_hidden()
    else:
        expect(note).to_be_hidden()
        expect(how_to).to_be_visible()
