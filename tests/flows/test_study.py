"""What a visitor does with a study of DICOM, in a real browser against the real app."""

import os
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from benchmarks.browser import PATIENCE_MS, drop_files
from synthetic.skull import make_head
from synthetic.study.exam import examine
from synthetic.study.protocol import T2
from synthetic.study.write import write_exam
from tests.support.repository import ROOT

pytestmark = pytest.mark.browser

COARSE = 3.0  # mm, of the head before the scanner
SERIES = f"SE{T2.number:06d}"  # the folder of one series among the files
# Run by Python before anything else.
COARSE_SERVER = """
from tests.support.coarse_grid import coarse_grid
kept = coarse_grid()
kept.__enter__()
"""


@pytest.fixture(scope="module")
def address(server_starter, tmp_path_factory):
    """Of a server that brings heads to 2 mm, where the networks have an eighth of the work."""
    folder = tmp_path_factory.mktemp("coarse")
    (folder / "sitecustomize.py").write_text(COARSE_SERVER)
    search_path = os.pathsep.join(map(str, (folder, ROOT)))
    with server_starter(ROOT / "app.py", env={"PYTHONPATH": search_path}) as address:
        yield address


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scanner") / "study"
    write_exam(examine(make_head(spacing=COARSE), seed=0), folder)
    return sorted(file for file in folder.rglob("*") if file.is_file())


def see(what: Locator) -> None:
    expect(what).to_be_visible(timeout=PATIENCE_MS)


def series(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=re.compile(f"Read {name} as"))


def frames(page: Page) -> Locator:
    return page.get_by_role("combobox", name=re.compile("Shown on"))


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("img", name=re.compile(f"^{name}, axial slice"))


def test_a_dropped_study_becomes_overlays_on_its_own_frames(page, files):
    page.goto("/")
    drop_files(page, *files)
    # Nothing has to be clicked: the series are read, prepared, and the models compared.
    page.wait_for_url("**/compare*", timeout=PATIENCE_MS)
    see(panel(page, "TransUNet"))
    see(page.get_by_text("4/4 modalities"))
    expect(frames(page)).to_have_value("As it came, frames of T1c")
    see(page.get_by_text(re.compile("the head had moved: .*FLAIR")))
    see(page.get_by_text("Time from the files to the label map"))
    expect(page.get_by_text("Waiting", exact=True)).to_have_count(0, timeout=PATIENCE_MS)
    page.get_by_role("button", name="Outline of the brain mask").click()

    frames(page).click()
    frames(page).fill("As the networks")
    frames(page).press("Enter")
    expect(frames(page)).to_have_value("As the networks saw it, 1 mm", timeout=PATIENCE_MS)
    see(panel(page, "TransUNet"))
    expect(page.get_by_text("Traceback")).to_have_count(0)

    page.get_by_role("link", name="Open", exact=True).click()
    see(page.get_by_text("6 series, 1 exam"))
    see(page.get_by_text("The brain found, on T1c"))
    expect(series(page, T2.description)).to_have_value("T2")
    see(page.get_by_role("button", name="Compare the models"))
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    series(page, T2.description).click()
    series(page, T2.description).fill("Not used")
    series(page, T2.description).press("Enter")
    compare = page.get_by_role("button", name="Compare the models")
    expect(compare).to_have_count(0, timeout=PATIENCE_MS)  # until the rest is prepared anew
    see(page.get_by_text(re.compile("^No T2 was found")))
    see(page.get_by_text("3/4 modalities"))
    compare.click()
    page.wait_for_url("**/compare*", timeout=PATIENCE_MS)
    see(page.get_by_text("3/4 modalities"))


def test_reading_a_study_can_be_put_away(page, files):
    page.goto("/")
    drop_files(page, *[file for file in files if file.parent.name == SERIES])
    see(page.get_by_text("1 series, 1 exam"))
    page.get_by_role("button", name="Clear all").click()
    expect(page.get_by_text("1 series, 1 exam")).to_have_count(0, timeout=PATIENCE_MS)
    see(page.get_by_text(re.compile("^Drop a study as the scanner wrote it")))
