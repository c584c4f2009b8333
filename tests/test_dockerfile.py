"""The image cannot be built in a test; what it would hold can be put together and started."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import urllib.request

import pytest

from benchmarks.browser import free_port
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def lines():
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def image(lines, tmp_path_factory):
    """A folder with what the COPY lines bring, and nothing else."""
    folder = tmp_path_factory.mktemp("image")
    for line in lines:
        if line.startswith("COPY"):
            *sources, target = [w for w in shlex.split(line)[1:] if not w.startswith("--")]
            for source in sources:
                place = folder / target / (source if target == "./" else "")
                copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
                copy(ROOT / source, place)
    return folder


def test_not_root_and_a_health_check(lines):
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users
    assert users[-1] != "root"
    assert any(line.startswith("HEALTHCHECK") and "_stcore/health" in line for line in lines)


def test_the_health_check_goes_past_a_proxy(lines, address):
    [check] = [line for line in lines if line.startswith("HEALTHCHECK")]
    _, *arguments = json.loads(check[check.index("[") :])
    proxied = {**os.environ, "http_proxy": "http://127.0.0.1:9"}  # where nothing listens

    def passes(port: object) -> bool:
        command = [sys.executable, *(part.replace("8501", str(port)) for part in arguments)]
        return subprocess.run(command, env=proxied, check=False).returncode == 0

    assert passes(address.rpartition(":")[2])
    assert not passes(free_port())


def test_weights_and_sample_are_inside(image):
    for name in ("unet", "resnet_unet", "transunet"):
        assert (image / "assets" / "weights" / name / "model.safetensors").stat().st_size > 1e7
    assert list((image / "assets" / "sample").rglob("*.nii.gz"))
    assert (image / ".streamlit" / "config.toml").exists()


def test_what_is_ignored_is_what_is_not_copied(lines):
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")
    }
    copied = {
        word.removeprefix("./")
        for line in lines
        if line.startswith("COPY")
        for word in shlex.split(line)[1:-1]
        if not word.startswith("--")
    }
    assert allowed == copied


def test_the_app_starts_and_segments_with_nothing_but_that(image, server_starter, browser):
    with server_starter(image / "app.py", env={"PYTHONPATH": str(image)}, folder=image) as address:
        with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
            assert answer.read() == b"ok"
        page = browser.new_page()
        page.goto(f"{address}/?case=sample")
        page.get_by_text("Time from the files to the label map").wait_for(timeout=240_000)
        page.close()
