"""Hostile names and headers run nothing and stand in no log; what is deleted leaves no file."""

import os
import sys
import time

import nibabel as nib
import numpy as np
import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from tests.inference.conftest import LPS
from tests.support.logged_server import logged_server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="searches memory in /proc"),
]

MARK = "Xq7ZmarkerW9"
EVIL = f"<img src=x onerror=window.owned=1>{MARK}"
# As long as the server may take to free what a script that has just ended was holding.
FREED_SECONDS = 90


def marked_scan():
    """A scan whose name, header and voxels can each be told from all else in memory."""
    chance = np.random.default_rng(25)
    voxels = np.zeros((64, 64, 32), np.int16)
    voxels[16:48, 16:48, 8:24] = chance.integers(100, 900, (32, 32, 16))
    rows = voxels[16:48, 20:48:10, 16].T.copy()  # three of them, some pages apart
    image = nib.Nifti1Image(voxels, LPS, dtype=np.int16)
    image.header["descrip"] = EVIL.encode()[:79]
    image.header["aux_file"] = MARK.encode()
    return image.to_bytes(), rows


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with logged_server(tmp_path_factory.mktemp("server")) as running:
        yield running


def seen(what):
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def see_it_freed(server, marks):
    end = time.monotonic() + FREED_SECONDS
    while len(left := server.held(marks)) > 1 and time.monotonic() < end:
        time.sleep(5)
    assert len(left) <= 1, f"{len(left)} of {len(marks)} rows of the image are in memory"


def test_a_hostile_scan_is_shown_as_text_kept_from_the_log_and_deleted(browser, server):
    content, rows = marked_scan()
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.address)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto("/")
    files = [
        {"name": f"{EVIL}_t1.nii", "mimeType": "application/octet-stream", "buffer": content},
        {"name": f"{EVIL}<script>window.owned=2</script>.txt", "mimeType": "text/plain",
         "buffer": MARK.encode() * 9},
    ]  # fmt: skip
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    seen(page.get_by_text(MARK).first)
    page.get_by_role("button", name="Open these files").click()
    page.wait_for_url("**/compare")
    seen(page.get_by_text(MARK).first)
    assert page.evaluate("window.owned") is None
    marks = {row.astype(kind).tobytes() for row in rows for kind in (np.int16, np.float32)}
    assert len(server.held(marks)) >= len(rows)

    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("button", name="Delete everything now").click()
    seen(page.get_by_text("All that you brought was deleted"))
    if "GLIOLENS_SOAK" in os.environ:  # not reached yet: SECURITY.md
        see_it_freed(server, marks)
    assert MARK not in server.said()
    left_on_disk = [file for file in server.log.parent.rglob("*") if file.is_file()]
    assert left_on_disk == [server.log]
    context.close()
