"""A server for people who sign in, against a provider on the loopback."""

import re

import pytest
from playwright.sync_api import expect

from benchmarks.browser import PATIENCE_MS, drop_files
from tests.conftest import ROOT
from tests.support.oidc_provider import CLIENT, JANE, JOHN, SECRET, run_provider

SECRETS = f"""
[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "for tests, and long enough"
client_id = "{CLIENT}"
client_secret = "{SECRET}"
server_metadata_url = "%s"
"""


@pytest.fixture(scope="module")
def provider():
    with run_provider() as running:
        yield running


@pytest.fixture(scope="module")
def private(server_starter, provider, tmp_path_factory):
    """The address of a server whose secrets ask for a sign-in."""
    folder = tmp_path_factory.mktemp("private")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(SECRETS % provider.metadata)
    with server_starter(ROOT / "app.py", folder=folder) as address:
        yield address


@pytest.fixture
def page(visitors, private):
    with visitors.come(private) as page:
        yield page


def expect_nothing_but_the_way_in(page):
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.locator('.stApp[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    expect(page.get_by_text("modalities")).to_have_count(0)
    expect(page.get_by_role("link", name="Benchmark")).to_have_count(0)
    expect(page.get_by_text("Not a medical device").first).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/?case=sample", "/report", "/about"])
def test_whoever_has_not_signed_in_sees_no_page(page, path):
    page.goto(path)
    expect_nothing_but_the_way_in(page)


def test_a_made_up_cookie_lets_nobody_in(page, private):
    forged = {"name": "_streamlit_user", "value": "2|1:0|10:1|5:_user|4:e30=|0", "url": private}
    page.context.add_cookies([forged])
    page.goto("/")
    expect_nothing_but_the_way_in(page)


def sign_in(page):
    page.goto("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("input[type=file]")).to_have_count(1, timeout=PATIENCE_MS)


def sign_out(page):
    page.get_by_role("link", name="About", exact=True).click()
    expect(page.get_by_text(re.compile("Signed in as J[a-z]+ [DR]oe"))).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect_nothing_but_the_way_in(page)


def test_who_signs_in_is_in_until_they_sign_out(page):
    sign_in(page)
    sign_out(page)
    page.goto("/")
    expect_nothing_but_the_way_in(page)


def test_what_one_had_open_the_next_does_not_find(page, provider, small_case_folder):
    """Signed out in one tab, while the case lay in another that was closed then."""
    file = next(small_case_folder.glob("*flair*"))
    sign_in(page)
    drop_files(page, file)
    expect(page.get_by_text(file.name).first).to_be_visible(timeout=PATIENCE_MS)
    other = page.context.new_page()
    other.goto("/about")
    sign_out(other)
    page.close()
    provider.person = JOHN
    sign_in(other)
    other.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    expect(other.get_by_text(file.name)).to_have_count(0)
    provider.person = JANE
