"""Each step of a study is timed, and the figures stand in a table."""

import mmap
import sys

import pytest

from benchmarks.study import STEPS, Laps, format_study

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads its memory from /proc")


def test_what_a_step_took_is_noted_when_the_next_begins():
    laps = Laps()
    laps.begin("mask")
    with mmap.mmap(-1, 80_000_000) as held:  # from the system, whatever malloc has free
        held[:] = bytes(80_000_000)
    laps.begin("align")
    laps.end()
    assert list(laps.found) == ["mask", "align"]
    assert laps.found["mask"]["peak_mb"] > laps.found["align"]["peak_mb"] + 50
    assert laps.found["mask"]["wall_s"] >= 0


def test_the_table_has_a_row_a_step():
    figures = {"wall_s": [2.0, 4.0], "cpu_s": [3.0, 5.0], "peak_mb": [500.0, 700.0]}
    table = format_study({"steps": dict.fromkeys(STEPS, figures)})
    assert len(table.splitlines()) == len(STEPS) + 2
    assert "| brain mask of each image | 3.0 | 4.0 | 700 |" in table
