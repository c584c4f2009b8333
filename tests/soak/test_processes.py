"""The server killed and started again: who was there reads what became of their case."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS, drop_files, free_port, wait_until_healthy
from tests.conftest import ROOT

in_soak = pytest.mark.skipif("GLIOLENS_SOAK" not in os.environ, reason="run by make soak")


@contextmanager
def server(port: int) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = {"port": port, "address": "127.0.0.1", "headless": "true"}
    command += [f"--server.{name}={value}" for name, value in options.items()]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process)
        yield process
    finally:
        process.kill()
        process.wait()


@in_soak
@pytest.mark.slow
def test_a_server_that_was_killed_says_what_it_let_go_of(visitors, small_case_folder):
    port = free_port()
    with server(port) as first, visitors.come(f"http://127.0.0.1:{port}") as page:
        page.goto("/")
        drop_files(page, *sorted(small_case_folder.glob("*")))
        page.get_by_role("button", name="Open these files").click()
        page.wait_for_url("**/compare*")
        expect(page.get_by_text("4/4 modalities").first).to_be_visible()
        expect(page.get_by_text("Time from the files to the label map").first).to_be_visible()
        first.send_signal(signal.SIGKILL)
        first.wait()
        with server(port):
            page.goto("/")
            gone = page.get_by_text("What was open here before has been let go of")
            expect(gone).to_be_visible(timeout=PATIENCE_MS)
            drop_files(page, *sorted(small_case_folder.glob("*")))
            expect(page.get_by_role("button", name="Open these files")).to_be_enabled()
