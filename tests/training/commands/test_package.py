import subprocess
import sys

import pytest

from tests.conftest import ROOT
from training.__main__ import main

COMMANDS = [
    "train",
    "evaluate",
    "protocols",
    "verdict",
    "leak",
    "ablate",
    "cross-validate",
    "learning-curve",
    "drawing",
    "card",
    "pictures",
    "publish",
    "export",
    "quantise",
    "imagenet-vgg16",
    "teach-mask",
    "train-mask",
    "release-mask",
    "evaluate-mask",
    "hospital",
    "hospital-lgg",
    "prepare-lgg",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    assert f"usage: python -m training {command} " in capsys.readouterr().out


def test_there_is_no_other_command(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["other"])
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert all(command in told for command in COMMANDS)


def test_help_waits_for_no_library():
    """Only what a command needs is imported, and when it runs."""
    asked = "import sys, training.__main__; print('torch' in sys.modules, 'numpy' in sys.modules)"
    command = [sys.executable, "-c", asked]
    found = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.split() == ["False", "False"]
