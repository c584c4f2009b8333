"""A browser that keeps nothing: the pages are shown, and none is loaded anew for ever.

One without WebGL: ``tests/workspace/display/test_webgl.py``; without WebAssembly:
``tests/quicklook/test_quick_page.py``.
"""

import os

import pytest

from benchmarks.browser import PATIENCE_MS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak"),
]

REFUSES = """
    for (const name of ["localStorage", "sessionStorage"])
        Object.defineProperty(window, name, {
            get() { throw new DOMException("Access is denied", "SecurityError"); },
        });
"""
# As one that is full, or in some private windows.
FORGETS = "Storage.prototype.setItem = () => {};"
# The theme is set by loading the page once more: a visit is two loads at most.
MOST_LOADS = 2


@pytest.mark.parametrize("script", [REFUSES, FORGETS], ids=["refuses", "forgets"])
def test_without_storage_the_app_is_used_as_ever(page, script):
    loads, errors = [], []
    page.on("load", lambda: loads.append(page.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.add_init_script(script)
    page.goto("/about")
    page.get_by_text("Delete everything now").first.wait_for(timeout=PATIENCE_MS)
    page.locator('a[href$="/models"]').first.dispatch_event("click")
    page.get_by_text("Embedded weights, revision").first.wait_for(timeout=PATIENCE_MS)
    page.locator('a[href$="/"]').first.dispatch_event("click")
    page.get_by_role("button", name="Open the sample", exact=True).click()
    page.wait_for_url("**/compare**")
    page.get_by_text("Time from the files to the label map").wait_for(timeout=PATIENCE_MS)
    page.wait_for_timeout(1500)
    assert len(loads) <= MOST_LOADS
    assert [error for error in errors if "Access is denied" in error] == []
