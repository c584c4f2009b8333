"""Both themes in a real browser: the dark one first, either kept, and all text readable in both.

And what a keyboard and a finger need of every page.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from benchmarks.browser import PATIENCE_MS, drop_files

pytestmark = pytest.mark.browser

LOOKS, FADE_MS = 5, 3000
CLICKS, CLICK_MS = 5, 10_000
PHONE = {"width": 390, "height": 844}
FINGER = 44  # CSS pixels, as Apple and WCAG 2.5.5 have it
GROUND = {"Dark": "rgb(11, 13, 16)", "Light": "rgb(255, 255, 255)"}
# Contrast 4.5:1 (3:1 for large text) and a name for every control, field, link and picture.
RULES = [
    "color-contrast",
    "button-name",
    "image-alt",
    "input-image-alt",
    "label",
    "link-name",
    "role-img-alt",
    "select-name",
    "svg-img-alt",
]


@pytest.fixture
def in_daylight(visitors, address):
    """A visitor whose system is light."""
    with visitors.come(address, color_scheme="light") as page:
        yield page


def arrived(page: Page) -> None:
    expect(page.locator(".st-key-disclaimer")).to_be_visible(timeout=PATIENCE_MS)
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()


def has_theme(page: Page, theme: str) -> None:
    app = page.locator(".stApp")
    expect(app).to_have_css("background-color", GROUND[theme], timeout=PATIENCE_MS)


def choose(page: Page, theme: str) -> None:
    """Open the menu, once more where a page that was still arriving took it away, and choose."""
    menu = page.get_by_test_id("stMainMenu").get_by_role("button")
    item = page.get_by_test_id(f"stMainMenuItem-theme-{theme}")
    for _ in range(CLICKS):
        menu.click()
        try:
            item.click(timeout=CLICK_MS)
            break
        except PlaywrightTimeoutError:
            page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    has_theme(page, theme)


def unreadable(page: Page) -> list[str]:
    """What axe-core finds and finds again: Streamlit fades what it is about to draw anew."""
    for _ in range(LOOKS):
        found = unreadable_now(page)
        if not found:
            break
        page.wait_for_timeout(FADE_MS)
    return found


def unreadable_now(page: Page) -> list[str]:
    """A line an element. What has to be scrolled to axe-core takes as unseen."""
    whole = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    page.set_viewport_size({"width": 1440, "height": max(900, whole + 20)})
    found = Axe().run(page, options={"runOnly": {"type": "rule", "values": RULES}})
    page.set_viewport_size({"width": 1440, "height": 900})
    assert found.response["passes"], "nothing was looked at"
    return [
        f"{rule['id']}: {node['html'][:160]} {node['any'] and node['any'][0]['message']}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


def test_dark_comes_first_and_a_choice_holds_at_every_address(in_daylight):
    page = in_daylight
    page.goto("/about")
    arrived(page)
    has_theme(page, "Dark")
    choose(page, "Light")
    page.goto("/models")
    arrived(page)
    has_theme(page, "Light")


def test_all_text_is_readable_on_every_page_in_both_themes(page, address, few_slices):
    asked_for = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto("/")
    arrived(page)
    has_theme(page, "Dark")
    drop_files(page, *sorted(few_slices.iterdir()))
    page.get_by_role("button", name="Open these files").click()
    page.get_by_text("small · 4/4 modalities").wait_for()
    links = page.get_by_test_id("stTopNavLink")
    wrong, themes = [], list(GROUND)
    for name in links.all_inner_texts():
        links.get_by_text(name.split("\n")[-1], exact=True).click()
        arrived(page)
        for theme in themes:
            if theme != themes[0]:  # arrived at in the one, turned into the other
                choose(page, theme)
                arrived(page)
            wrong += [f"{theme}, {name}: {each}" for each in unreadable(page)]
        themes.reverse()
    assert wrong == []
    strangers = [url for url in asked_for if not url.startswith((address, "blob:", "data:"))]
    assert strangers == [], "a machine without network could not fetch these"


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_what_it_is_not_is_always_in_view_and_hides_no_end_of_a_page(page, size):
    page.set_viewport_size(size)
    for path in ("/about", "/models"):
        page.goto(path)
        arrived(page)
        line = page.locator(".st-key-disclaimer")
        expect(line).to_have_css("position", "fixed")
        place = line.bounding_box()
        assert place["y"] + place["height"] == size["height"], "at the bottom, without scrolling"
        assert (place["x"], place["width"]) == (0, size["width"])
        assert place["height"] < 30, "one line"
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
        content = page.locator(".stMainBlockContainer > .stVerticalBlock").bounding_box()
        assert content["y"] + content["height"] <= place["y"], "nothing ends below it"
        assert line.bounding_box() == place


@pytest.mark.parametrize("theme", GROUND)
def test_the_keyboard_is_seen_in_the_navigation_and_stops_at_no_heading(page, theme):
    page.goto("/about")
    arrived(page)
    choose(page, theme)
    for aim in (
        page.get_by_test_id("stTopNavLink").nth(1),
        page.get_by_test_id("stMainMenuButton"),
    ):
        aim.focus()
        expect(aim).to_have_css("outline-style", "solid")
        expect(aim).to_have_css("outline-width", "2px")
    expect(page.get_by_role("link", name="Link to heading")).to_have_count(0)


def test_on_a_phone_links_are_as_large_as_a_finger_and_no_gap_is_left(page):
    page.set_viewport_size(PHONE)
    page.goto("/")
    arrived(page)
    # That of the study is there where it was generated.
    samples = page.get_by_role("button", name=re.compile("^Open the sample"))
    sample = samples.last.bounding_box()
    below = page.get_by_role("heading", name="Use your own files").bounding_box()
    assert below["y"] - (sample["y"] + sample["height"]) < 48
    page.get_by_test_id("stExpandSidebarButton").click()
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links.last).to_be_visible()
    heights = links.evaluate_all("links => links.map(link => link.clientHeight)")
    assert min(heights) >= FINGER
