"""``make screenshots``: every page on the synthetic sample, wide and narrow, dark and light.

And, in the dark, what becomes of files that are hard to show (``tests/support/hard_files.py``).
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from benchmarks.browser import drop_files, run_browser, start_server
from tests.support.hard_files import HARD_FILES
from tests.support.repository import ROOT

SIZES = {1440: 900, 390: 844}
# Of the page's own container, in which it scrolls: a picture shows all of it.
TALLEST = 16000  # Chromium draws 16384
THEMES = ("dark", "light")
PATIENCE_MS = 300_000
DRAWN_MS = 15_000  # surfaces, charts and pictures after the page says that it has run


def main(folder: Path) -> None:
    """Write ``PAGE-WIDTH-THEME.png`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with start_server(ROOT / "app.py") as address, run_browser() as browser:
        for theme in THEMES:
            for width, height in SIZES.items():
                page = _visit(browser, address, theme, width, height)
                # Last the page that opens another case.
                for name, path in sorted(_pages(page).items(), key=lambda each: each[0] == "image"):
                    _follow(page, path)
                    if name == "image":
                        _try_slice(page)
                    if name == "uncertainty":
                        _compare_readings(page)
                    _picture(page, folder / f"{name}-{width}-{theme}.png", height)
                page.context.close()
        for width, height in SIZES.items():
            _hard_files(browser, address, folder, width, height)


def _visit(browser: Browser, address: str, theme: str, width: int, height: int) -> Page:
    """Open the sample and wait until every model has answered."""
    page = _come(browser, address, theme, width, height)
    page.goto("/?case=sample")
    _wait_for_models(page)
    return page


def _come(browser: Browser, address: str, theme: str, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, base_url=address
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(f"localStorage.setItem('gliolens-theme', '\"{theme.title()}\"')")
    return context.new_page()


def _wait_for_models(page: Page) -> None:
    page.get_by_text("Time from the files to the label map").wait_for()
    page.get_by_role("button", name="Cancel").wait_for(state="hidden")


def _hard_files(browser: Browser, address: str, folder: Path, width: int, height: int) -> None:
    """The desk with each set of hard files, and the pages of what can be opened of it."""
    for name, write in HARD_FILES.items():
        page = _come(browser, address, "dark", width, height)
        page.goto("/")
        with tempfile.TemporaryDirectory() as place:
            drop_files(page, *write(Path(place)))
            opens = page.get_by_role("button", name="Open these files")
            opens.wait_for()
            page.wait_for_timeout(DRAWN_MS)
        _picture(page, folder / f"hard-{name}-open-{width}.png", height)
        if opens.is_enabled():
            opens.click()
            _wait_for_models(page)
            for path in ("compare", "view3d", "report"):
                _follow(page, f"/{path}")
                _picture(page, folder / f"hard-{name}-{path}-{width}.png", height)
        page.context.close()


def _pages(page: Page) -> dict[str, str]:
    """The path of every page by its name, from the navigation; on a phone it is folded away."""
    links = page.get_by_test_id("stTopNavLink").or_(page.get_by_test_id("stSidebarNavLink"))
    links.first.wait_for(state="attached")
    paths = links.evaluate_all("links => links.map(link => new URL(link.href).pathname)")
    return {path.strip("/") or "open": path for path in dict.fromkeys(paths)}


def _follow(page: Page, path: str) -> None:
    page.locator(f'a[href$="{path}"]').first.dispatch_event("click")
    page.wait_for_url(f"**{path}*")
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    page.wait_for_timeout(DRAWN_MS)


def _try_slice(page: Page) -> None:
    page.get_by_role("button", name="Try the sample slice").click()
    page.get_by_text("Against the truth").wait_for()


def _compare_readings(page: Page) -> None:
    """Ask for the map, unless an earlier visitor has: the sample's results are kept."""
    ask = page.get_by_role("button", name="Compare six readings")
    told = page.get_by_text("The six readings one by one")
    ask.or_(told).wait_for()
    if ask.count():
        ask.click()
    told.wait_for()


def _picture(page: Page, file: Path, height: int) -> None:
    width = page.viewport_size["width"]
    whole = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(whole, height), TALLEST)})
    page.wait_for_timeout(1000)
    page.screenshot(path=file)
    page.set_viewport_size({"width": width, "height": height})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
