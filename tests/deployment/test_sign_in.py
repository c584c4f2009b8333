"""A server for people who sign in, against a provider on the loopback."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS
from tests.conftest import ROOT
from tests.support.oidc_provider import CLIENT, SECRET, run_provider

SECRETS = f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "for tests, and long enough"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "%s"
"""


@pytest.fixture(scope="module")
def private(server_starter, tmp_path_factory):
    """The address of a server whose secrets ask for a sign-in."""
    folder = tmp_path_factory.mktemp("private")
    (folder / ".streamlit").mkdir()
    with run_provider() as metadata:
        (folder / ".streamlit" / "secrets.toml").write_text(SECRETS % metadata)
        with server_starter(ROOT / "app.py", folder=folder) as address:
            yield address


@pytest.fixture
def page(browser, private):
    context = browser.new_context(base_url=private)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def expect_nothing_but_the_way_in(page):
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_text("modalities")).to_have_count(0)


@pytest.mark.parametrize("path", ["/", "/?case=sample", "/report", "/about"])
def test_whoever_has_not_signed_in_sees_no_page(page, path):
    page.goto(path)
    expect_nothing_but_the_way_in(page)


def test_a_made_up_cookie_lets_nobody_in(page, private):
    forged = {"name": "_streamlit_user", "value": "2|1:0|10:1|5:_user|4:e30=|0", "url": private}
    page.context.add_cookies([forged])
    page.goto("/")
    expect_nothing_but_the_way_in(page)


def test_who_signs_in_is_in_until_they_sign_out(page):
    page.goto("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("input[type=file]")).to_have_count(1, timeout=PATIENCE_MS)
    page.get_by_role("link", name="About", exact=True).click()
    page.get_by_role("button", name=re.compile("Sign out")).click()
    expect_nothing_but_the_way_in(page)
    page.goto("/")
    expect_nothing_but_the_way_in(page)
