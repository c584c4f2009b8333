"""What the Dockerfile says; test_confined.py starts what its image would hold."""

import json
import os
import shlex
import subprocess
import sys

from benchmarks.browser import free_port
from tests.conftest import ROOT


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
