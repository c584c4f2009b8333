"""A browser that keeps no cookies cannot upload, and says so before it is tried."""

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from tests.support.line import Line

pytestmark = pytest.mark.browser

WORDS = "This browser keeps no cookies for this page"


@pytest.mark.parametrize("without", [True, False])
def test_whoever_keeps_no_cookies_is_told(browser, address, without):
    line = Line(address)
    line.without_cookies = without
    with line.running():
        context = browser.new_context(base_url=line.address)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/")
        page.locator("input[type=file]").wait_for(state="attached")
        page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
        expect(page.get_by_text(WORDS)).to_have_count(int(without))
        context.close()


def test_what_needs_no_upload_goes_on(browser, address):
    line = Line(address)
    line.without_cookies = True
    with line.running():
        context = browser.new_context(
            base_url=line.address, viewport={"width": 1440, "height": 900}
        )
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto("/?case=sample")
        page.wait_for_url("**/compare**")
        expect(page.get_by_text("4/4 modalities").first).to_be_visible(timeout=PATIENCE_MS)
        context.close()
