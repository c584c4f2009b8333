"""Hostile names and headers run nothing and stand in no log; what is deleted leaves no file."""

import sys
import time

import nibabel as nib
import numpy as np
import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from inference.network.preprocess import prepare
from tests.inference.conftest import LPS
from tests.support.logged_server import logged_server
from viewer import scan_payload
from viewer.parcel import unpack

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(sys.platform != "linux", reason="searches memory in /proc"),
]

MARK = "Xq7ZmarkerW9"
# Shorter ones may be left where something in use has taken their place: SECURITY.md.
PIECE = 1024
EVIL = f"<img src=x onerror=window.owned=1>{MARK}"
# As long as the server may take to free what a script that has just ended was holding.
FREED_SECONDS = 90


def marked_scan():
    """A scan whose name, header and voxels can each be told from all else in memory."""
    chance = np.random.default_rng(25)
    voxels = np.zeros((64, 64, 32), np.int16)
    voxels[16:48, 16:48, 8:24] = chance.integers(100, 900, (32, 32, 16))
    image = nib.Nifti1Image(voxels, LPS, dtype=np.int16)
    image.header["descrip"] = EVIL.encode()[:79]
    image.header["aux_file"] = MARK.encode()
    return image.to_bytes()


def pieces_of(content, folder):
    """By what they are of, pieces of a kilobyte: the file, and what is made of it on the way."""
    file = folder / "scan_t1.nii"
    file.write_bytes(content)
    with open_cases([file]) as (files,):
        case = read_case(files)
    _, [shown] = unpack(scan_payload(case.volume, case.present, case.spacing))
    whole = {
        "the file": content,
        "the scan": case.volume[0].tobytes(),
        "what networks read": prepare(case).slices.tobytes(),
        "what a browser shows": shown,
    }
    return {what: pieces(each) for what, each in whole.items()}


def pieces(content):
    """Three that are not nothing, some pages apart."""
    found = [content[at : at + PIECE] for at in range(0, len(content) - PIECE, 3 * PIECE)]
    marked = [piece for piece in found if len(set(piece)) > 60]
    return set(marked[:: max(1, len(marked) // 3)])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with logged_server(tmp_path_factory.mktemp("server")) as running:
        yield running


def seen(what):
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def laid_down(server):
    return [file for file in server.log.parent.rglob("*") if file.is_file()]


def see_it_freed(server, marks):
    end = time.monotonic() + FREED_SECONDS
    while (left := server.held(marks)) and time.monotonic() < end:
        time.sleep(3)
    assert len(left) == 0, f"{len(left)} of {len(marks)} pieces are in memory"


def test_a_hostile_scan_is_shown_as_text_kept_from_the_log_and_deleted(browser, server, tmp_path):
    content = marked_scan()
    marks = pieces_of(content, tmp_path)
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
    assert content in [file.read_bytes() for file in laid_down(server)]
    for what in ("what networks read", "what a browser shows"):
        assert server.held(marks[what]), f"the search would not find {what}"

    page.get_by_role("link", name="Open", exact=True).click()
    page.get_by_role("button", name="Delete everything now").click()
    seen(page.get_by_text("All that you brought was deleted"))
    see_it_freed(server, set().union(*marks.values()))
    assert MARK not in server.said()
    assert laid_down(server) == [server.log]
    context.close()
