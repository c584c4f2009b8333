"""The entry of the app; the way from its address to a page is in the browser's tests."""

import tomllib

import pytest
from streamlit.testing.v1 import AppTest

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


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.stem)
def test_every_page_is_entered_by_the_app(path):
    """Else the first page that a fresh server is asked for would be shown bare (flows)."""
    assert "\nenter_by_app()\n" in path.read_text(encoding="utf-8")
