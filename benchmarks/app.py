"""How long a visitor of the app waits, and how much memory the server takes meanwhile.

A server of its own each time, since a case it has seen is answered at once; a real browser, on the
same cores as the server. What is timed is what is on the screen.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import psutil
from playwright.sync_api import Browser, Locator, Page

from benchmarks.browser import PATIENCE_MS, ROOT, drop_files, run_browser, start_server
from benchmarks.received import bytes_received
from model_zoo.registry import ALL_MODELS, contract
from training.results import machine
from workspace.jobs.quick_look import QUICK_MODEL

TIMES: Final = {
    "start": "from the command to a page that can be used",
    "first_overlay": "from a click on the sample, or a dropped study, to the first overlay",
    "all_models": "from the same moment to the overlays of all three models",
}
# Of the sample alone: of what is dropped nobody else has the same.
SECOND: Final = {
    "second_visitor": "the same for another visitor, of a case that was answered before"
}
SENT: Final = {"sent": "to the browser, of all modalities and models"}
MEMORY: Final = {
    "warm": "with the models loaded",
    "case": "with a case answered and nothing left to do",
    "peak": "at most, until nothing is left to do",
}
SIZE: Final = {"width": 1440, "height": 900}
# The models are loaded when the server has had nothing to do for so long.
_IDLE_SECONDS: Final = 3.0
_IDLE_PERCENT: Final = 10.0
MEGABYTE: Final = 2**20
# What a panel says as soon as its overlay is there.
VOLUME: Final = re.compile(r"\d ml")
_DICE: Final = re.compile(r"WT\s*(\.\d\d|1\.00)")


def measure_app(*, repeats: int = 3, study: Path | None = None) -> dict:
    """Open the app and its sample several times, each on a new server.

    Args:
        repeats: How often.
        study: A folder of DICOM files to be dropped in place of opening the sample.

    Returns:
        ``{"machine", "repeats", "seconds": {WHAT: {"median", "min", "max"}}, "rss_mb": {WHEN:
        {"median", "min", "max"}}, "sent_mb": {"sent": {"median", "min", "max"}}}``, in words in
        :data:`TIMES`, :data:`SECOND`, :data:`MEMORY` and :data:`SENT`.
    """
    with run_browser() as browser:
        visits = [_visit(browser, study) for _ in range(repeats)]
    return {
        "machine": machine(),
        "repeats": repeats,
        "seconds": _spreads(visits, TIMES if study else TIMES | SECOND),
        "rss_mb": _spreads(visits, MEMORY),
        "sent_mb": _spreads(visits, SENT),
    }


def _visit(browser: Browser, study: Path | None) -> dict[str, float]:
    start = time.perf_counter()
    with start_server(ROOT / "app.py") as address:
        page = browser.new_page(viewport=SIZE, base_url=address)
        page.set_default_timeout(PATIENCE_MS)
        page.goto("/")
        sample = page.get_by_role("button", name="Open the sample", exact=True)
        sample.wait_for()
        found = {"start": time.perf_counter() - start}
        server = server_process(address)
        wait_until_idle(server)
        found["warm"] = server.memory_info().rss / MEGABYTE
        with highest_memory(server) as highest, bytes_received(page) as received:
            found |= _drop_study(page, study) if study else _open_sample(page, sample.click)
            wait_until_idle(server)
            page.wait_for_timeout(0)  # what has come is counted
            found["sent"] = received() / MEGABYTE
            found["case"] = server.memory_info().rss / MEGABYTE
        if not study:
            found["second_visitor"] = _second_visitor(browser, address)
        page.close()
    return found | {"peak": highest() / MEGABYTE}


def _second_visitor(browser: Browser, address: str) -> float:
    """Seconds, with the page's scripts there, until all models' overlays are."""
    page = browser.new_page(viewport=SIZE, base_url=address)
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/")
    sample = page.get_by_role("button", name="Open the sample", exact=True)
    sample.wait_for()
    start = time.perf_counter()
    sample.click()
    answered(page).nth(len(ALL_MODELS) - 1).wait_for()  # at once, without a quick look before
    seconds = time.perf_counter() - start
    page.close()
    return seconds


def _open_sample(page: Page, click: Callable[[], None]) -> dict[str, float]:
    start = time.perf_counter()
    click()
    page.get_by_text(contract(QUICK_MODEL).title).first.wait_for()
    first = time.perf_counter() - start
    answered(page).nth(len(ALL_MODELS) - 1).wait_for()
    return {"first_overlay": first, "all_models": time.perf_counter() - start}


def _drop_study(page: Page, study: Path) -> dict[str, float]:
    files = sorted(file for file in study.rglob("*") if file.is_file())
    start = time.perf_counter()
    drop_files(page, *files)
    page.get_by_text(contract(QUICK_MODEL).title).first.wait_for()
    first = time.perf_counter() - start
    captions = page.locator("figcaption").filter(has_text=VOLUME)
    captions.nth(len(ALL_MODELS) - 1).wait_for()
    return {"first_overlay": first, "all_models": time.perf_counter() - start}


def answered(page: Page) -> Locator:
    """The captions of the panels whose overlay is there, of a case with truth."""
    return page.locator("figcaption").filter(has_text=_DICE)


def server_process(address: str) -> psutil.Process:
    """The server that listens there."""
    port = address.rsplit(":", 1)[1]
    running = psutil.Process().children(recursive=True)
    return next(each for each in running if f"--server.port={port}" in each.cmdline())


def wait_until_idle(server: psutil.Process) -> None:
    """Return when it has had nothing to do for some seconds."""
    server.cpu_percent()  # the share since the call before
    while True:
        time.sleep(_IDLE_SECONDS)
        if server.cpu_percent() < _IDLE_PERCENT:
            return


@contextmanager
def highest_memory(server: psutil.Process) -> Iterator[Callable[[], int]]:
    """Looks at a process ten times a second; gives the most bytes that it was seen with."""
    seen, done = [server.memory_info().rss], threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            seen.append(server.memory_info().rss)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield lambda: max(seen)
    finally:
        done.set()
        watcher.join()


def _spreads(visits: list[dict[str, float]], words: dict[str, str]) -> dict[str, dict[str, float]]:
    return {what: _spread([visit[what] for visit in visits]) for what in words}


def _spread(values: list[float]) -> dict[str, float]:
    ends = {"median": median(values), "min": min(values), "max": max(values)}
    return {name: round(value, 2) for name, value in ends.items()}
