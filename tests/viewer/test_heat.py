"""The heat map on its own: no Streamlit, no server."""

import base64
import re

import numpy as np
import pytest

from tests.viewer.bench import MOUNT, SCRIPTS
from tests.viewer.compare_case import (
    LARGEST,
    PRESENT,
    SHAPE,
    SPACING,
    make_labels,
    make_scan,
    make_volume,
)
from tests.viewer.screen import settle
from tests.viewer.test_picture import save
from viewer import Panel, panels_payload, probability_payload, scan_payload
from viewer.bundle import bundle
from viewer.heat import HeatMap, _heat_data, heat_view
from viewer.parcel import unpack
from viewer.styles import heat_styles

BOX = tuple(slice(0, size) for size in SHAPE)
SPOT = (slice(38, 44), slice(20, 26), slice(8, 11))

# Streamlit puts a component's style sheet into its root.
STYLE = """css => {
    const { shadowRoot } = document.querySelector("main section");
    shadowRoot.append(Object.assign(document.createElement("style"), {textContent: css}));
}"""

COLOURS_OF = """canvas => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let yellow = 0;
    for (let i = 0; i < data.length; i += 4) yellow += data[i] > 120 && data[i] - data[i + 2] > 60;
    return yellow;
}"""


def heat_map(key, region):
    values = np.zeros((3, *SHAPE), np.float32)
    values[(region, *SPOT)] = 1
    return HeatMap(
        key, key.title(), f"the {key}", "None", "Most", probability_payload(values, BOX, SHAPE)
    )


def mount(page, maps, *, start=LARGEST):
    outlined = Panel("consensus", "The consensus", "#FFFFFF", make_labels())
    _, [labels] = unpack(panels_payload([outlined]))
    scan = make_scan()
    data = _heat_data(scan, labels, outlined.name, maps) | {"key": "heat", "start": start}
    parcels = [labels, scan, *(each.values for each in maps)]
    encoded = [{"script": "parcel", "bytes": base64.b64encode(p).decode()} for p in parcels]
    sources = {"heat": bundle("components/heat_view.js"), "parcel": bundle(SCRIPTS["parcel"])}
    page.evaluate(MOUNT, [[{"script": "heat", "data": data}, *encoded], sources])
    page.evaluate(STYLE, heat_styles())
    page.get_by_text(f"slice {start + 1} of {SHAPE[2]}", exact=True).wait_for()
    page.wait_for_timeout(300)
    settle(page)


def lit(page, name):
    """How many pixels of a picture have the bright colours of the map."""
    return page.get_by_role("img", name=re.compile(name)).evaluate(COLOURS_OF)


@pytest.fixture
def page(serverless):
    page = serverless.new_page()
    page.goto("/heat")
    yield page
    page.close()


def test_the_map_is_over_one_picture_and_follows_slice_region_and_choice(page):
    mount(page, [heat_map("uncertainty", 0), heat_map("disagreement", 2)])
    assert lit(page, "^Whole tumour: the uncertainty") > 100
    page.get_by_role("button", name="ET", exact=True).click()
    settle(page)
    assert lit(page, "^Enhancing tumour: the uncertainty") == 0
    page.get_by_role("button", name="Disagreement").click()
    settle(page)
    assert lit(page, "^Enhancing tumour: the disagreement") > 100
    page.get_by_role("slider", name="Slice").fill("15")
    settle(page)
    page.get_by_text(f"slice 15 of {SHAPE[2]}", exact=True).wait_for()
    assert lit(page, "^Enhancing tumour: the disagreement") == 0
    assert page.get_by_role("button", name="T1c").is_disabled(), "it was not given"


def test_both_pictures_are_saved_as_they_are_on_screen(page):
    mount(page, [heat_map("uncertainty", 0)])
    click = page.get_by_role("button", name="Save the picture").click
    name, pixels, words = save(page, lambda page: click())
    assert name == f"gliolens-axial-slice-{LARGEST + 1}-uncertainty-wt.png"
    yellow = (pixels[..., 0] > 120) & (pixels[..., 0].astype(int) - pixels[..., 2] > 60)
    on_screen = lit(page, "^Whole tumour: the uncertainty") + lit(page, "^The consensus")
    assert yellow.sum() >= on_screen > 100
    for text in ("FLAIR · Uncertainty: Whole tumour", "The consensus", "None", "Most", "never for"):
        assert text in words


def test_on_a_phone_the_map_stands_alone(page):
    page.set_viewport_size({"width": 390, "height": 844})
    mount(page, [heat_map("uncertainty", 0)])
    assert page.locator("figure:visible").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_maps_of_another_shape_are_refused():
    scan = scan_payload(make_volume()[:, :-1], PRESENT, SPACING)
    outlined = Panel("consensus", "The consensus", "#FFFFFF", make_labels())
    with pytest.raises(ValueError, match="different shapes"):
        heat_view(scan, outlined, [heat_map("uncertainty", 0)], key="heat")
