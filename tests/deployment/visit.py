"""Starts the app as an image does, visits it, and prints what was found, as JSON.

To be run where nothing may be written but to /tmp, and with no network: by test_confined.py.

    python -m tests.deployment.visit ENTRYPOINT HEALTH_CHECK PLACES CASE

each but the last a JSON array: of words, of words, and of folders in which to try to write. The
last is the folder of a case, as a JSON string.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.browser import (
    PATIENCE_MS,
    STOP_SECONDS,
    drop_files,
    run_browser,
    wait_until_healthy,
)

ADDRESS = "http://127.0.0.1:8501"
METRICS = "127.0.0.1:9464"
SEGMENTED = "Time from the files to the label map"


def main(entrypoint: list[str], check: list[str], places: list[str], case: str) -> dict[str, Any]:
    """What is found before, while and after a visitor opens a case."""
    found: dict[str, Any] = {"healthy_before": _passes(check)}
    with _started(entrypoint) as log:
        found |= {
            "user": os.getuid(),
            "written": [place for place in places if _can_write(Path(place))],
            "networks": [name for _, name in socket.if_nameindex()],
            "healthy": _passes(check),
            "alerts": _visited(Path(case)),
            "healthy_after": _passes(check),
            "metrics": _text_at(f"http://{METRICS}/metrics"),
            "log": log.read_text(),
        }
    return found


@contextmanager
def _started(entrypoint: Sequence[str]) -> Iterator[Path]:
    """A server, and the file in which its log is."""
    # Without the search path of this script, which would bring what the image lacks.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["GLIOLENS_METRICS"] = METRICS
    log = Path(tempfile.mkdtemp()) / "log"
    with log.open("w") as written:
        process = subprocess.Popen(entrypoint, env=environment, stdout=written, stderr=written)
    try:
        wait_until_healthy(ADDRESS, process)
        yield log
    finally:
        process.terminate()
        process.wait(timeout=STOP_SECONDS)


def _passes(check: Sequence[str]) -> bool:
    return subprocess.run(check, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _can_write(place: Path) -> bool:
    try:
        (place / "written").touch()
    except OSError:
        return False
    return True


def _text_at(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def _visited(case: Path) -> int:
    """How many errors a visitor sees who opens a case and waits for the first answer."""
    with run_browser() as browser:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(ADDRESS)
        drop_files(page, *sorted(case.iterdir()))
        page.get_by_role("button", name="Open these files").click()
        page.get_by_text(SEGMENTED).wait_for(timeout=PATIENCE_MS)
        return page.get_by_test_id("stException").count()


if __name__ == "__main__":
    print(json.dumps(main(*map(json.loads, sys.argv[1:]))))
