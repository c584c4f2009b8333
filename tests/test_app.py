"""The entry of the app; the way from its address to a page is in the browser's tests."""

import tomllib

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from benchmarks.browser import PATIENCE_MS
from tests.conftest import ROOT


def test_the_server_watches_no_files():
    """Watching the virtual environment too, it took more of the processor than the models."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["fileWatcherType"] == "none"


def test_starts_on_the_open_page_with_the_disclaimer():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120).run()
    assert not app.exception
    assert [title.value for title in app.title] == ["Open a case"]
    assert any("Not a medical device" in caption.value for caption in app.caption)


def test_nothing_is_asked_and_nothing_is_told_when_it_starts():
    """A first start must not wait at the terminal, and a hospital's machine reports to nobody."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["showEmailPrompt"] is False
    assert config["browser"]["gatherUsageStats"] is False


def test_no_table_is_downloaded_without_the_disclaimer():
    """Streamlit's own button would write a CSV with the figures and not a word more."""
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["client"]["disableDataExport"] is True


@pytest.mark.browser
def test_a_fresh_server_first_asked_for_a_page_shows_all_of_the_app(server_starter, browser):
    """Before the first run of app.py Streamlit takes ``pages/`` for its own old kind of pages."""
    with server_starter(ROOT / "app.py") as address:
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/models?from=link")
        for what in (
            page.get_by_text("Not a medical device. For research").last,  # after those of the cards
            page.get_by_test_id("stHeaderLogo"),
            page.get_by_role("link", name="Benchmark"),
        ):
            expect(what).to_be_visible(timeout=PATIENCE_MS)
        assert page.url == f"{address}/models?from=link"
        page.close()


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_every_page_is_entered_by_the_app(path):
    """The guard that the test above needs: a page without it would be shown bare."""
    assert "\nenter_by_app()\n" in path.read_text(encoding="utf-8")
