"""Printing never fails, whatever the console is."""

import io
import os
import subprocess
import sys

import pytest

from inference.cli.console import say
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("cp1252", "\\u674e\\u660e Müller"),
        ("ascii", "\\u674e\\u660e M\\xfcller"),
        ("utf-8", "李明 Müller"),
    ],
)
def test_what_a_console_cannot_show_is_written_as_its_code(encoding, shown):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    say("李明 Müller", to=stream)
    assert raw.getvalue().decode(encoding).strip() == shown


def test_half_a_character_is_no_failure(capsys):
    say("a\udcffb")
    assert capsys.readouterr().out == "a\\udcffb\n"


def test_a_closed_stream_and_none_at_all(monkeypatch):
    stream = io.StringIO()
    stream.close()
    say("x", to=stream)
    monkeypatch.setattr(sys, "stdout", None)
    say("x")


def test_a_closed_pipe_ends_nothing():
    reader, writer = os.pipe()
    os.close(reader)
    code = "from inference.cli.console import say\nfor _ in range(9999): say('x' * 99)"
    done = subprocess.run(
        [sys.executable, "-c", code], stdout=writer, stderr=subprocess.PIPE, cwd=ROOT, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
