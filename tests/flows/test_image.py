"""The page for single images in a real browser: one picture dropped, read and shown."""

import pytest
from playwright.sync_api import Page, expect

from benchmarks.browser import PATIENCE_MS, drop_files
from inference.io.case_reader import read_case
from inference.io.cases.case_files import open_cases
from workspace.open_case import SAMPLE_FOLDER
from workspace.picture.sample_slice import largest_true_slice, write_slice

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """A slice of the synthetic sample: four modalities, and a truth."""
    folder = tmp_path_factory.mktemp("pictures")
    with open_cases([SAMPLE_FOLDER]) as (files,):
        case = read_case(files)
    write_slice(case, largest_true_slice(case), folder)
    return folder


def test_a_dropped_picture_is_read_and_its_panels_are_alike(page: Page, pictures):
    page.goto("/image")
    flair = pictures / "synthetic_slice_flair.png"
    drop_files(page, flair)
    page.get_by_role("button", name="Read it").click(timeout=PATIENCE_MS)
    panels = page.locator(".st-key-slice-panels img")
    expect(panels).to_have_count(4, timeout=PATIENCE_MS)
    expect(page.get_by_text("Tumour is drawn on")).to_contain_text("of the head, above the")
    expect(page.get_by_text("also reads T1, T1c, T2, not given")).to_be_visible()
    sizes = panels.evaluate_all(
        "all => all.map(one => [one.naturalWidth, one.naturalHeight, one.clientWidth])"
    )
    assert len({tuple(size) for size in sizes}) == 1, "image, mask, overlay, probability alike"
    assert sizes[0][0] > 300
