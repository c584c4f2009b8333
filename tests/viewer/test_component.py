"""The compare view in a real browser, against a real Streamlit server."""

import base64
import re
from itertools import permutations

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.viewer.bench import SCRIPTS
from tests.viewer.compare_case import (
    LARGEST,
    SHAPE,
    make_labels,
    make_panels,
    make_scan,
    make_volume,
)
from tests.viewer.screen import (
    canvas,
    colour_of,
    expect_slice,
    go_to,
    is_grey,
    picture,
    set_opacity,
    settle,
    shown_slice,
    truth_slice,
    voxels,
    wait_until_ready,
)
from viewer.bundle import bundle
from viewer.parcel import read_header, unpack
from viewer.styles import compare_styles

PANELS = ["Truth", "U-Net", "A model with a name much longer than its panel is wide"]
SCAN_BYTES = 25_000  # the scan is larger than this, everything a rerun sends is smaller


def test_it_starts_at_the_slice_with_most_tumour(alone):
    expect_slice(alone, LARGEST + 1)


def test_the_image_and_the_labels_are_painted_where_they_lie(alone):
    set_opacity(alone, 100)
    for index in (7, LARGEST, 12):
        go_to(alone, index)
        seen, truth = voxels(alone, "Truth"), truth_slice(index)
        for label in np.unique(truth[truth > 0]):
            assert (seen[truth == label] == colour_of(label)).all()
        assert is_grey(seen[truth == 0])
        assert seen[truth == 0].max() > 100


def test_each_panel_shows_its_own_labels(alone):
    set_opacity(alone, 100)
    truth = truth_slice(LARGEST)
    assert (voxels(alone, "Truth")[truth == 1] == colour_of(1)).all()
    assert is_grey(voxels(alone, "U-Net")[truth == 1])
    assert is_grey(picture(alone, PANELS[2]))


def test_the_patients_right_is_on_the_left_until_it_is_switched(alone):
    def tumour_side():
        pixels = picture(alone, "Truth").astype(int)
        columns = np.flatnonzero((np.ptp(pixels, axis=-1) > 60).any(axis=0))
        return "left" if columns.mean() < pixels.shape[1] / 2 else "right"

    def marks():
        panel = alone.locator("figure").filter(has=canvas(alone, "Truth"))
        return {side: panel.locator(f".mark.{side}").text_content() for side in ("left", "right")}

    assert make_labels()[SHAPE[0] // 2 :].any()
    assert tumour_side() == "left"
    assert marks() == {"left": "R", "right": "L"}
    alone.get_by_role("button", name="Radiological").click()
    settle(alone)
    assert tumour_side() == "right"
    assert marks() == {"left": "L", "right": "R"}
    expect(alone.get_by_role("button", name="Neurological")).to_be_visible()
    expect(alone.get_by_text("Patient's right is on the right")).to_be_visible()
    set_opacity(alone, 100)
    seen = voxels(alone, "Truth", radiological=False)
    assert (seen[truth_slice(LARGEST) == 3] == colour_of(3)).all()


def test_slices_outside_the_brain_are_black(alone):
    go_to(alone, 0)
    expect_slice(alone, 1)
    assert picture(alone, "U-Net").max() == 0


def test_every_way_to_another_slice_moves_all_panels_and_asks_no_server(page):
    page.traffic.forget(page)
    canvas(page, "U-Net").hover()
    start = LARGEST + 1
    page.mouse.wheel(0, -100)
    expect_slice(page, start + 1)
    page.mouse.wheel(0, 100)
    page.mouse.wheel(0, 100)
    expect_slice(page, start - 1)
    canvas(page, "U-Net").click()
    for key, expected in [
        ("ArrowUp", start),
        ("ArrowRight", start + 1),
        ("ArrowDown", start),
        ("ArrowLeft", start - 1),
        ("PageUp", start + 9),
        ("PageDown", start - 1),
        ("End", SHAPE[2]),
        ("ArrowUp", SHAPE[2]),
        ("Home", 1),
    ]:
        page.keyboard.press(key)
        expect_slice(page, expected)
    go_to(page, 13)
    expect_slice(page, 14)
    page.get_by_role("button", name="Next slice").click()
    expect_slice(page, 15)
    page.get_by_role("button", name="Previous slice").click()
    expect_slice(page, 14)
    expect(page.get_by_text("slice 14 of 20", exact=True)).to_be_visible()
    assert page.traffic.without_icon(page) == []


def test_a_click_on_a_bar_jumps_there(alone):
    slider = alone.get_by_label("Slice", exact=True)
    slider.click(position={"x": slider.bounding_box()["width"] * 0.75, "y": 8})
    expect_slice(alone, round(1 + 0.75 * (SHAPE[2] - 1)))


def test_the_wheel_scrolls_slices_or_zooms_but_never_the_page(alone):
    prevented = canvas(alone, "Truth").evaluate(
        """canvas => [{}, {ctrlKey: true}, {metaKey: true}].map(keys => !canvas.dispatchEvent(
            new WheelEvent("wheel", {
                deltaY: -100, bubbles: true, cancelable: true, composed: true, ...keys,
            })))"""
    )
    assert prevented == [True, True, True]
    expect_slice(alone, LARGEST + 2)


def test_fine_scrolling_of_a_trackpad_adds_up(alone):
    canvas(alone, "Truth").hover()
    for _ in range(6):
        alone.mouse.wheel(0, -10)
    expect_slice(alone, LARGEST + 3)


def test_labels_opacity_outline_and_modality_change_the_picture_without_the_server(page):
    page.traffic.forget(page)
    truth = truth_slice(LARGEST)
    faint = voxels(page, "Truth")
    set_opacity(page, 100)
    solid = voxels(page, "Truth")
    assert np.abs(faint[truth > 0].astype(int) - solid[truth > 0]).mean() > 30

    page.get_by_role("button", name="ED").click()
    settle(page)
    seen = voxels(page, "Truth")
    assert is_grey(seen[truth == 2])
    assert (seen[truth == 3] == colour_of(3)).all()
    page.get_by_role("button", name="ED").click()

    page.get_by_role("button", name="Outline").click()
    settle(page)
    seen = voxels(page, "Truth")
    assert is_grey(seen[truth == 1])  # the line runs along the edges, not through the middle
    assert (np.ptp(picture(page, "Truth").astype(int), axis=-1) > 100).any()
    page.get_by_role("button", name="Fill").click()
    settle(page)

    flair = voxels(page, "Truth")[truth == 0]
    page.get_by_role("button", name="T2").click()
    settle(page)
    t2 = voxels(page, "Truth")[truth == 0]
    assert is_grey(t2)
    assert (flair != t2)[t2 > 0].mean() > 0.9
    page.get_by_label(re.compile("^Panels")).focus()
    page.keyboard.press("4")
    settle(page)
    assert (voxels(page, "Truth")[truth == 0] == flair).all()
    assert page.traffic.without_icon(page) == []


def test_the_image_is_the_modality_that_was_sent(alone):
    """Smoothing mixes neighbours, so the picture is held to the volume by correlation."""
    alone.get_by_role("button", name="T1", exact=True).click()
    settle(alone)
    seen = voxels(alone, PANELS[2])[..., 0].astype(float)
    (x0, x1), (y0, y1), _ = read_header(make_scan())["box"]
    sent = make_volume()[0, x0:x1, y0:y1, LARGEST]
    assert np.corrcoef(seen.ravel(), sent.ravel())[0, 1] > 0.95


def test_a_missing_modality_is_disabled_and_says_why(alone):
    button = alone.get_by_role("button", name="T1c")
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("title", "T1c was not given")
    canvas(alone, "Truth").click()
    alone.keyboard.press("2")
    expect(alone.get_by_role("button", name="FLAIR")).to_have_attribute("aria-pressed", "true")


def test_the_numbers_stand_under_the_panels(alone):
    truth, unet, third = (
        alone.locator("figure").filter(has=canvas(alone, name)).locator("figcaption")
        for name in PANELS
    )
    expect(truth).to_contain_text("41.3 ml")
    text = " ".join(unet.inner_text().split())
    assert text == "U-Net 41.3 ml Dice WT .93 TC .90 ET 1.00 1.1 s"
    expect(third).to_contain_text("42 %")
    bar = alone.get_by_role("progressbar", name=PANELS[2])
    expect(bar).to_have_attribute("aria-valuenow", "42")
    expect(third.locator(".name")).to_have_attribute("title", PANELS[2])


def test_play_runs_until_it_is_stopped(alone):
    canvas(alone, "Truth").click()
    alone.keyboard.press("Space")
    expect(alone.get_by_role("button", name="Pause")).to_be_visible()
    expect(alone.get_by_text("slice 10 of 20", exact=True)).to_be_hidden()
    alone.get_by_role("button", name="Pause").click()
    stopped = shown_slice(alone)
    alone.wait_for_timeout(300)
    expect_slice(alone, stopped)


def test_a_rerun_keeps_every_choice_and_does_not_send_the_scan_again(page):
    assert len(make_scan()) > SCAN_BYTES
    assert max(page.traffic.received()) > SCAN_BYTES
    go_to(page, 13)
    page.get_by_role("button", name="T2").click()
    page.get_by_role("button", name="ET", exact=True).click()
    set_opacity(page, 77)
    before = picture(page, "U-Net")
    for _ in range(4):  # a message not used for two runs would leave the cache
        page.traffic.forget(page)
        page.get_by_role("button", name="Rerun").click()
        page.wait_for_timeout(500)
        wait_until_ready(page)
        assert page.traffic.received()
        assert max(page.traffic.received()) < SCAN_BYTES
    expect_slice(page, 14)
    assert (picture(page, "U-Net") == before).all()


def test_planes_layers_zoom_window_and_panels_ask_no_server_and_survive_a_rerun(page):
    page.traffic.forget(page)
    page.get_by_role("button", name="Coronal").click()
    page.get_by_role("button", name="Errors").click()
    page.get_by_role("button", name="TC", exact=True).click()
    canvas(page, "U-Net").click(position={"x": 150, "y": 60})
    for key in ("+", "+", "3", "t", "h", "h", "ArrowUp", "x"):
        page.keyboard.press(key)
    page.get_by_label("Window level").fill("90")
    page.get_by_role("button", name="Image only").click()
    page.wait_for_timeout(1000)  # the address has followed by then
    assert page.traffic.without_icon(page) == []
    before, search = picture(page, "U-Net"), page.evaluate("location.search")
    assert "plane=coronal" in search
    assert "layer=errors" in search
    page.get_by_role("button", name="Rerun").click()
    page.wait_for_timeout(500)
    wait_until_ready(page)
    assert page.evaluate("location.search") == search
    assert (picture(page, "U-Net") == before).all()
    assert page.locator("figure:visible").count() == 3


def test_a_model_that_finishes_fills_its_panel_and_moves_nothing(page):
    go_to(page, 10)
    page.traffic.forget(page)
    page.get_by_text("Finish the third model").click()
    expect(page.get_by_text("2.0 s")).to_be_visible()
    settle(page)
    expect_slice(page, 11)
    assert max(page.traffic.received()) < SCAN_BYTES
    set_opacity(page, 100)
    truth = truth_slice(10)
    assert (voxels(page, PANELS[2])[truth == 3] == colour_of(3)).all()


def test_choices_survive_another_page(page):
    go_to(page, 6)
    page.get_by_role("radio", name="other").click()
    expect(page.locator("canvas[role=img]")).to_have_count(0)
    page.get_by_role("radio", name="compare").click()
    expect(canvas(page, "Truth")).to_be_visible()
    wait_until_ready(page)
    expect_slice(page, 7)
    assert picture(page, "Truth").max() > 0


def test_two_tabs_do_not_meet(open_page):
    first, second = open_page(), open_page()
    go_to(first, 3)
    expect_slice(first, 4)
    expect_slice(second, LARGEST + 1)


def test_the_hidden_components_take_no_room(page):
    toolbar = page.get_by_role("toolbar", name="View").bounding_box()
    toggle = page.get_by_text("Finish the third model").bounding_box()
    assert toolbar["y"] - (toggle["y"] + toggle["height"]) < 60


class TestPhone:
    @pytest.fixture
    def page(self, open_page):
        return open_page(width=390, height=844, has_touch=True, is_mobile=True)

    def expect_only(self, page, shown):
        for name in PANELS:
            expect(canvas(page, name)).to_be_visible(visible=name == shown)

    def drag(self, page, dx, dy):
        box = page.get_by_label(re.compile("^Panels")).bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch = page.context.new_cdp_session(page)
        for step in range(9):
            point = {"x": x + dx * step / 8, "y": y + dy * step / 8}
            kind = "touchMove" if step else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def test_one_panel_at_a_time_and_nothing_wider_than_the_screen(self, page):
        self.expect_only(page, "Truth")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        expect(page.get_by_text("41.3 ml").first).to_be_visible()
        box = canvas(page, "Truth").bounding_box()
        assert box["width"] > 300

    def test_a_swipe_and_a_dot_show_another_panel(self, alone_on_phone):
        self.drag(alone_on_phone, -150, 10)
        self.expect_only(alone_on_phone, "U-Net")
        self.drag(alone_on_phone, 150, 10)
        self.expect_only(alone_on_phone, "Truth")
        alone_on_phone.get_by_role("button", name=f"Show {PANELS[2]}").tap()
        self.expect_only(alone_on_phone, PANELS[2])
        self.drag(alone_on_phone, -150, 10)
        self.expect_only(alone_on_phone, PANELS[2])

    def test_a_vertical_drag_goes_through_the_slices(self, alone_on_phone):
        self.drag(alone_on_phone, 5, -120)
        expect(alone_on_phone.get_by_text("slice 10 of 20", exact=True)).to_be_hidden()
        assert shown_slice(alone_on_phone) > LARGEST + 1
        self.drag(alone_on_phone, 5, 120)
        expect_slice(alone_on_phone, LARGEST + 1)
        self.expect_only(alone_on_phone, "Truth")

    def test_the_toolbar_is_folded(self, alone_on_phone):
        outline = alone_on_phone.get_by_role("button", name="Outline")
        expect(outline).to_be_hidden()
        alone_on_phone.get_by_role("button", name="View", exact=True).tap()
        expect(outline).to_be_visible()
        expect(alone_on_phone.get_by_role("button", name="FLAIR")).to_be_visible()


class TestArrival:
    """Streamlit does not promise in which order components are called."""

    @pytest.fixture
    def blank(self, serverless):
        page = serverless.new_page()
        page.goto("/")
        yield page
        page.close()

    ORDERS = tuple(permutations(["code", "view", "parcels"]))

    MOUNT = """async ([calls, sources]) => {
        const modules = {};
        for (const [name, source] of Object.entries(sources)) {
            const blob = new Blob([source], {type: "text/javascript"});
            modules[name] = (await import(URL.createObjectURL(blob))).default;
        }
        window.cleanups = {};
        for (const {name, script, data, bytes, twice} of calls) {
            const parentElement = document.querySelector("main")
                .appendChild(document.createElement("section")).attachShadow({mode: "open"});
            const decoded = bytes && Uint8Array.from(atob(bytes), c => c.charCodeAt(0));
            const call = () => modules[script]({data: decoded ?? data, parentElement});
            // A superseded call ends after its successor has begun.
            const superseded = twice ? call() : null;
            window.cleanups[name] = call();
            superseded?.();
            await new Promise(done => setTimeout(done));
        }
    }"""

    def calls(self):
        scan, panels = make_scan(), make_panels(finished=True)
        header, maps = unpack(panels)
        labels = [{"value": 2, "short": "ED", "name": "Oedema", "colour": "#F0E442"}]
        view = {
            "key": "k",
            "code": "c",
            "scan": read_header(scan)["hash"],
            "present": ["flair"],
            "panels": header["panels"],
            "height": None,
            "modalities": [{"key": "flair", "name": "FLAIR"}],
            "labels": labels,
        }
        code = {"hash": "c", "css": compare_styles()}
        parcel = {"name": "scan", "script": "parcel", "bytes": base64.b64encode(scan).decode()}
        truth = {"name": "truth", "script": "parcel", "bytes": base64.b64encode(maps[0]).decode()}
        return {
            "code": [{"name": "code", "script": "code", "data": code}],
            "view": [{"name": "view", "script": "view", "data": view}],
            "parcels": [parcel, truth],
        }

    def mount(self, page, order, *, twice=False, **data):
        sources = {name: bundle(file) for name, file in SCRIPTS.items()}
        by_name = self.calls()
        by_name["view"][0]["data"].update(data)
        calls = [{**call, "twice": twice} for name in order for call in by_name[name]]
        page.evaluate(self.MOUNT, [calls, sources])

    @pytest.mark.parametrize("order", ORDERS, ids="-".join)
    def test_any_order(self, blank, order):
        self.mount(blank, order)
        expect(canvas(blank, "Truth")).to_be_visible()
        expect(blank.get_by_text("slice 10 of 20", exact=True)).to_be_visible()
        assert picture(blank, "Truth").max() > 0

    def test_a_superseded_call_takes_nothing_down(self, blank):
        self.mount(blank, ["code", "parcels", "view"], twice=True)
        expect(blank.get_by_text("slice 10 of 20", exact=True)).to_be_visible()
        assert blank.locator("canvas[role=img]").count() == 3

    def test_until_the_scan_is_here_it_says_so(self, blank):
        self.mount(blank, ["code", "view"])
        expect(blank.get_by_text("Loading the scan…")).to_be_visible()
        expect(blank.get_by_role("img", name="Truth, loading")).to_be_visible()

    def test_without_panels_the_scan_stands_alone(self, blank):
        self.mount(blank, ["code", "parcels", "view"], panels=[])
        expect(canvas(blank, "Image only")).to_be_visible()
        assert picture(blank, "Image only").max() > 0

    def test_without_an_image_it_says_so(self, blank):
        self.mount(blank, ["code", "parcels", "view"], present=[])
        expect(blank.get_by_text("This scan holds no image.")).to_be_visible()

    def test_nothing_is_left_behind(self, blank):
        self.mount(blank, ["code", "parcels", "view"])
        expect(blank.get_by_text("slice 10 of 20", exact=True)).to_be_visible()
        blank.evaluate("Object.values(cleanups).forEach(cleanup => cleanup())")
        assert blank.locator("canvas").count() == 0
        assert blank.evaluate("window[Symbol.for('gliolens.viewer')].parcels.size") == 1
