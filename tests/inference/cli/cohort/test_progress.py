"""A bar on a terminal, plain lines elsewhere."""

import io
import sys

from inference.cli.cohort.progress import Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_plain_lines_count_and_tell_the_time_left(capsys):
    progress = Progress(3)
    for failed in (False, True, False):
        progress.count(failed=failed)
    progress.close()
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "  1 of 3, 0:00:00 left",
        "  2 of 3, 1 failed, 0:00:00 left",
        "  3 of 3, 1 failed",
    ]


def test_of_one_case_nothing_is_said(capsys):
    Progress(1).count(failed=False)
    assert capsys.readouterr().out == ""


def test_a_terminal_has_a_bar_and_no_lines(monkeypatch, capsys):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    progress = Progress(2)
    progress.count(failed=True)
    with progress.aside():
        print("P1")
    progress.count(failed=False)
    progress.close()
    assert capsys.readouterr().out == "P1\n"
    assert "1/2" in terminal.getvalue()
    assert "1 failed" in terminal.getvalue()
