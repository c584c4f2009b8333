"""What is called for late, on a server that makes the moment happen: a visitor loses nothing."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

APP = Path(__file__).with_name("late_calls_app.py")
# The pages take a second or two; in vain it would be waited for without end.
PATIENCE_MS = 30_000
SEVERAL_TIMES = re.compile(r"(Drawn|Followed) ([4-9]|\d\d+) times")

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(server_starter):
    with server_starter(APP) as address:
        yield address


@pytest.fixture
def page(address, browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    expect(page.get_by_text(re.compile(r"Asked \d+ times"))).to_be_visible(timeout=PATIENCE_MS)
    yield page
    page.close()


def go_to(page, name):
    page.get_by_role("link", name=name).click()
    expect(page.get_by_text("The foot of every page.")).to_be_visible(timeout=PATIENCE_MS)


def test_a_page_that_was_left_takes_nothing_from_the_next(page):
    go_to(page, "arrived")
    expect(page.get_by_text(SEVERAL_TIMES)).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text("The page is here.")).to_be_visible(timeout=PATIENCE_MS)


def test_a_call_that_comes_as_a_run_ends_stops_nothing_of_it(page):
    go_to(page, "ending")
    expect(page.get_by_text("The end of the page.")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_text(SEVERAL_TIMES)).to_be_visible(timeout=PATIENCE_MS)


def test_a_press_in_a_part_that_is_no_more_counts(page):
    go_to(page, "pressed")
    page.wait_for_timeout(500)  # until the server knows of no part
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("Pressed 1 times.")).to_be_visible(timeout=PATIENCE_MS)
