from pathlib import Path

import pytest
from playwright.sync_api import expect

PAGE = Path(__file__).with_name("polling_page.py")
# Of a page that takes 4.5 s.
PATIENCE_MS = 30_000


@pytest.mark.browser
def test_a_call_that_a_busy_server_answers_late_leaves_no_page_waiting(server_starter, browser):
    with server_starter(PAGE) as address:
        page = browser.new_page()
        page.goto(address)
        expect(page.get_by_text("Stage 3 of 3")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("It was slow.")).to_be_visible()
        page.close()
