"""What the server is set to, and what stands in no file that is served."""

import re
from pathlib import Path

import pytest
from streamlit import config

from tests.conftest import ROOT
from tests.support.imports import python_files

SETTINGS = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableStaticServing": False,
    "server.maxUploadSize": 400,
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "logger.enableRich": False,
    "server.enableAgentApi": False,
    "client.toolbarMode": "minimal",
}
SERVED = ("common", "inference", "model_zoo", "pages", "quicklook", "report", "scene", "viewer",
          "workspace")  # fmt: skip
FORBIDDEN_IN_PYTHON = (
    r"unsafe_allow_html",
    r"(?<![.\w])(eval|exec)\(",
    r"os\.system|shell=True|^import subprocess|^from subprocess",
    r"\bpickle\b\.|^import pickle|torch\.load\(|allow_pickle=True",
    r"yaml\.load\(|xml\.etree|xml\.dom|lxml",
)
# What an actor of our own cluster answers to the server that asked it; Ray pickles all there is.
BETWEEN_OUR_OWN = {"workspace/models/model_keeper.py", "workspace/models/on_cluster.py"}
FORBIDDEN_IN_SCRIPTS = (
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write",
    r"\beval\(|new Function|setTimeout\(\s*[\"'`]",
    r"https?://(?!www\.w3\.org)",
)
# Where HTML is put together: each was read, and escapes what it is given or is given our own words.
HTML = {
    "workspace/display/webgl.py": 1,
    "workspace/display/page_frame.py": 2,
    "workspace/session/reload.py": 1,
    "workspace/picture/slice_panels.py": 2,
    "workspace/study/panel.py": 1,
    "workspace/study/steps.py": 1,
    "workspace/study/picture_question.py": 1,
    "pages/benchmark.py": 1,
    "pages/uncertainty.py": 1,
    "pages/view3d.py": 2,
    "pages/models.py": 3,
}


@pytest.mark.parametrize(("name", "wanted"), SETTINGS.items())
def test_the_server_is_set_to_be_careful(name, wanted, monkeypatch):
    monkeypatch.chdir(ROOT)
    config.get_config_options(force_reparse=True)
    assert config.get_option(name) == wanted


def _served(pattern: str) -> list[Path]:
    return [file for folder in SERVED for file in (ROOT / folder).rglob(pattern)]


@pytest.mark.parametrize("words", FORBIDDEN_IN_PYTHON)
def test_no_served_file_does_what_lets_strangers_in(words):
    files = [*(file for folder in SERVED for file in python_files(ROOT / folder)), ROOT / "app.py"]
    found = [file for file in files if re.search(words, file.read_text(), re.MULTILINE)]
    assert {str(file.relative_to(ROOT)) for file in found} - BETWEEN_OUR_OWN == set()


@pytest.mark.parametrize("words", FORBIDDEN_IN_SCRIPTS)
def test_no_script_of_a_page_makes_code_or_markup_of_text(words):
    files = [*_served("*.js"), *_served("*.html")]
    assert len(files) > 50
    found = [file for file in files if re.search(words, file.read_text())]
    assert [str(file.relative_to(ROOT)) for file in found] == []


def test_html_is_put_together_in_known_places_only():
    counts = {
        str(file.relative_to(ROOT)): file.read_text().count("st.html(")
        for folder in ("pages", "workspace", "viewer", "quicklook")
        for file in python_files(ROOT / folder)
    }
    assert {name: count for name, count in counts.items() if count} == HTML
