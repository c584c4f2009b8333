"""The entry of the app; the way from its address to a page is in the browser's tests."""

import tomllib

from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT


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
