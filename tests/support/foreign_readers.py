"""Programs of others that read DICOM; a test that needs one is skipped where it cannot be had."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.repository import ROOT

NODE_MODULES = ROOT / ".venv" / "node" / "node_modules"
DCMJS = NODE_MODULES / "dcmjs"
_FROM_APT = "apt is needed for it, as root: make readers"


def program(name: str) -> str:
    """The path of a program; the test is skipped where it is not installed."""
    return shutil.which(name) or pytest.skip(f"there is no {name}: {_FROM_APT}")


def dcmjs() -> Path:
    """The folder of dcmjs; the test is skipped without it or node."""
    program("node")
    if not DCMJS.exists():
        pytest.skip("there is no dcmjs: npm is needed for it: make readers")
    return DCMJS


def run(*command: object) -> str:
    """What a program prints on stdout and stderr.

    Raises:
        AssertionError: where it fails; with what it printed.
    """
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr
