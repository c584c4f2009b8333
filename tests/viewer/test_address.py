"""The state of the view in the page's address, and a link that opens the same view."""

import re

from tests.viewer.bench import bench_panels, choose, press, shown_names
from tests.viewer.screen import canvas, picture, settle

QUIET_MS = 700  # longer than the address waits for the last change


def search_of(page):
    page.wait_for_timeout(QUIET_MS)
    return page.evaluate("location.search")


def test_a_fresh_view_leaves_the_address_alone(bench):
    page = bench("?case=sample")
    assert search_of(page) == "?case=sample"


def test_a_link_opens_the_same_view(bench):
    page = bench("?case=sample#part")
    choose(page, "Coronal")
    press(page, "Home", "PageUp", "PageUp", "2", "3", "+", "+", "+")
    choose(page, "T2")
    choose(page, "Errors")
    choose(page, "TC")
    page.get_by_label("Opacity of the labels").fill("85")
    page.get_by_label("Window level").fill("90")
    choose(page, "Radiological")
    choose(page, "U-Net")
    choose(page, "Consensus")
    canvas(page, "Truth").click(position={"x": 90, "y": 60})
    settle(page)
    search = search_of(page)
    assert search.startswith("?case=sample&")
    assert page.evaluate("location.hash") == "#part"
    assert page.evaluate("history.length") == bench("?case=sample").evaluate("history.length")

    other = bench(search)
    assert search_of(other) == search
    assert shown_names(other) == shown_names(page)
    assert shown_names(other) == ["Truth", "ResNet34 U-Net", "TransUNet", "Consensus"]
    for name in shown_names(page):
        assert (picture(other, name) == picture(page, name)).all(), name
    assert other.locator(".spot").inner_text() == page.locator(".spot").inner_text()
    assert other.locator(".readout").inner_text() == page.locator(".readout").inner_text()


def test_hidden_labels_outline_and_single_panel_too(bench):
    page = bench()
    choose(page, "ED")
    choose(page, "Outline")
    press(page, "n", "n")
    search = search_of(page)
    other = bench(search)
    assert shown_names(other) == ["ResNet34 U-Net"]
    assert (picture(other, "ResNet34 U-Net") == picture(page, "ResNet34 U-Net")).all()
    assert other.get_by_role("button", name="ED").get_attribute("aria-pressed") == "false"


def test_back_at_the_start_the_address_is_too(bench):
    page = bench("?case=sample&layer=errors&view=neurological&zoom=200")
    choose(page, "Neurological")
    choose(page, "Labels")
    press(page, "0")
    assert re.sub(r"&(axial|coronal|sagittal)=\d+", "", search_of(page)) == "?case=sample"


def test_nonsense_in_the_address_is_passed_over(bench):
    page = bench(
        "?plane=diagonal&axial=9999&coronal=-3&layer=magic&region=liver&opacity=loud&zoom=-1"
        "&panels=nobody&panel=none&window=9_3&centre=1_2&hide=x&modality=ct&blind=maybe"
    )
    assert shown_names(page) == [panel.name for panel in bench_panels()][:4]
    assert page.locator(".readout").inner_text() == "slice 20 of 20"
    press(page, "Home", "m")
    assert picture(page, "Truth").max() > 0
