"""``make screenshots``: pictures of every page on the synthetic sample, wide and narrow."""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import ROOT, run_browser, start_server

SIZES = {1440: 900, 390: 844}
PAGES = {
    "open": "/",
    "compare": "/?case=sample",
    "models": "/models",
    "benchmark": "/benchmark",
    "about": "/about",
}
# Pages that show the case that is open, reached from the one that opened it.
OF_THE_CASE = {"3d": "/view3d", "report": "/report"}
PATIENCE_MS = 120_000


def main(folder: Path) -> None:
    """Write ``PAGE-WIDTH.png`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with start_server(ROOT / "app.py") as address, run_browser() as browser:
        for width, height in SIZES.items():
            for name, path in PAGES.items():
                page = _open(browser, f"{address}{path}", width, height)
                page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
                if "case=" in path:
                    _follow(page, folder, width)
                page.context.close()


def _follow(page: Page, folder: Path, width: int) -> None:
    for name, path in OF_THE_CASE.items():
        link = page.locator(f'a[href$="{path}"]').first
        link.dispatch_event("click")  # on a phone the links are folded away
        page.wait_for_url(f"**{path}*", timeout=PATIENCE_MS)
        page.wait_for_timeout(15_000)  # surfaces and pictures are made
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)


def _open(browser: Browser, address: str, width: int, height: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(address)
    page.get_by_text("Not a medical device").first.wait_for(timeout=PATIENCE_MS)
    if "case=" in address:
        page.get_by_text("Time from the files to the label map").wait_for(timeout=PATIENCE_MS)
        for waiting in page.get_by_text("Waiting", exact=True).all():
            waiting.wait_for(state="hidden", timeout=PATIENCE_MS)
    page.wait_for_timeout(5000)  # the last model's panel, its table and the charts are drawn
    return page


if __name__ == "__main__":
    main(Path(sys.argv[1]))
