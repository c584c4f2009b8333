"""Presses that stop each other's runs, on a slow server: all count, and once."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

APP = Path(__file__).with_name("presses_app.py")
# The pages take a second or two; in vain it would be waited for without end.
PATIENCE_MS = 30_000
# One after the other before the server can have answered the first.
PRESS = """async (names) => {
  for (const name of names) {
    [...document.querySelectorAll("button")].find((b) => b.innerText.includes(name)).click();
    await new Promise((done) => setTimeout(done, 100));
  }
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(server_starter):
    with server_starter(APP) as address:
        yield address


@pytest.fixture
def page(address, browser):
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    page.close()


def open_page(page, address, name, *buttons):
    page.goto(f"{address}/{name}")
    for each in buttons:
        page.get_by_role("button", name=each).wait_for()


def rest(page):
    page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()


def sees(page, *words):
    for each in words:
        expect(page.get_by_text(each)).to_be_visible(timeout=PATIENCE_MS)


def test_a_press_in_a_part_that_waits_outlasts_a_press_outside(page, address):
    open_page(page, address, "", "In a part", "Outside")
    sees(page, "Both are here.")
    page.evaluate(PRESS, ["In a part", "Outside"])
    sees(page, "In a part 1 times.", "Outside 1 times.")


def test_a_press_whose_run_had_not_begun_counts(page, address):
    open_page(page, address, "beginning", "First", "Second")
    rest(page)
    page.evaluate(PRESS, ["First", "Second"])
    sees(page, "First 1 times.", "Second 1 times.")


def test_a_press_whose_run_had_not_come_to_its_button_counts_once(page, address):
    open_page(page, address, "unseen", "Below")
    rest(page)
    page.get_by_role("button", name="Below").click()
    page.wait_for_timeout(900)  # its run has begun, and is on its way
    page.get_by_role("button", name="Above").click()
    sees(page, "Below 1 times.", "Above 1 times.")
    page.get_by_role("button", name="Above").click()
    sees(page, "Above 2 times.", "Below 1 times.")


def test_a_press_that_has_acted_does_not_act_again(page, address):
    open_page(page, address, "acted", "Act", "Meanwhile")
    rest(page)
    page.get_by_role("button", name="Act").click()
    sees(page, "Act 1 times.")
    page.get_by_role("button", name="Meanwhile").click()  # while its run goes on
    sees(page, "Meanwhile 1 times.", "Act 1 times.")


def test_a_press_is_forgotten_once_its_button_is_gone(page, address):
    open_page(page, address, "unseen", "Vanishing", "Show")
    rest(page)
    page.evaluate(PRESS, ["Vanishing", "Hide"])
    page.get_by_role("button", name="Vanishing").wait_for(state="hidden")
    rest(page)
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Vanishing").wait_for()
    sees(page, "Vanishing 0 times.")
