"""Ctrl-C before a command has begun."""

import os
import subprocess
import sys

import pytest

from common.interrupts import EXIT_STOPPED, STOPPED
from tests.support.repository import ROOT

# The first of the program's own modules to be imported is where the key is pressed.
_PRESSED = """
import sys, signal, os, runpy
# What a shell runs in the background is born deaf to it.
signal.signal(signal.SIGINT, signal.default_int_handler)
class Pressed:
    def find_spec(self, name, path=None, target=None):
        if name == {late!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Pressed())
sys.argv = [{program!r}, "--help"]
runpy.run_module({program!r}, run_name="__main__")
"""


@pytest.mark.parametrize(
    ("program", "late"),
    [
        ("inference", "inference.cli.options"),
        ("training", "training.commands.shared"),
        ("benchmarks", "benchmarks.commands.speed"),
        ("synthetic", "synthetic.commands"),
    ],
)
def test_it_ends_in_one_line_while_modules_are_imported(program, late):
    ended = subprocess.run(
        [sys.executable, "-c", _PRESSED.format(program=program, late=late)],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
    )
    assert (ended.returncode, ended.stderr, ended.stdout) == (EXIT_STOPPED, f"{STOPPED}\n", "")
