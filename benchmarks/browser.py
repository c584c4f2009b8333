"""A Streamlit server and a headless Chromium, for benchmarks and for the tests in a browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from playwright.sync_api import (
    Browser,
    FilePayload,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

ROOT: Final = Path(__file__).resolve().parents[1]

CHROMIUM_FLAGS: Final = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_SYSTEM_BROWSERS: Final = ("chromium-headless-shell", "chromium", "chromium-browser")
SERVER_START_SECONDS: Final = 60
# A loaded machine of two cores segments the full sample with three models in this time.
PATIENCE_MS: Final = 240_000
STOP_SECONDS: Final = 30


@contextmanager
def start_server(
    app_path: Path,
    *,
    env: Mapping[str, str] | None = None,
    arguments: Sequence[str] = (),
    folder: Path = ROOT,
) -> Iterator[str]:
    """Run a Streamlit app on a free loopback port; give its address, stop it at the end."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app_path)]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "browser.gatherUsageStats": "false",
        "theme.base": "dark",
    }
    command += [f"--{name}={value}" for name, value in options.items()]
    command += ["--", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_healthy(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)  # a server that does not stop is a fault of ours


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_healthy(address: str, process: subprocess.Popen) -> None:
    """Return once the server answers; RuntimeError if it ended, TimeoutError if it never does."""
    end = time.monotonic() + SERVER_START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the Streamlit server stopped with code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"no Streamlit server at {address} after {SERVER_START_SECONDS} s")


@contextmanager
def run_browser(*flags: str) -> Iterator[Browser]:
    """The system's Chromium, else the one Playwright has installed, with further flags of it.

    The one without a window is preferred: the other draws tabs and side panels for nobody, which
    takes a third of the processor's time.

    Its visitors have a dark system: with a light one the first page of a visit is loaded twice,
    to show it in the dark theme.
    """
    with browser_launcher(*flags) as launch:
        yield launch()


@contextmanager
def browser_launcher(*flags: str) -> Iterator[Callable[[], Browser]]:
    """What starts such a browser each time, with processes of its own, until the block ends."""
    running: list[Browser] = []
    with sync_playwright() as playwright:

        def launch() -> Browser:
            running.append(_launched(playwright, flags))
            return running[-1]

        yield launch
        for browser in running:
            browser.close()


def _launched(playwright: Playwright, flags: Sequence[str]) -> Browser:
    system = next(filter(None, map(shutil.which, _SYSTEM_BROWSERS)), None)
    browser = playwright.chromium.launch(executable_path=system, args=[*CHROMIUM_FLAGS, *flags])
    browser.new_context = partial(browser.new_context, color_scheme="dark")
    browser.new_page = partial(browser.new_page, color_scheme="dark")
    return browser


def drop_files(page: Page, *files: Path | FilePayload) -> None:
    """Give files to the page's one place for them, as a visitor drops them.

    A page that is drawn anew may hold two such places for a moment, or take away the one that was
    there with what was given to it.
    """
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    place = page.locator("input[type=file]")
    expect(place).to_have_count(1, timeout=PATIENCE_MS)
    place.set_input_files(list(files))
