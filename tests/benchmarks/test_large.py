"""The figures on large images are those of a process, a server and a case of their own."""

import json
import subprocess
import sys

import pytest

from benchmarks import large
from benchmarks.__main__ import main
from benchmarks.peak_memory import peak_megabytes
from common.errors import InputError

APP = {
    "seconds": {"looked_at": 30.0, "first_overlay": 60.0, "all_models": 90.0},
    "rss_mb": {"warm": 400, "looked_at": 500, "looked_at_peak": 700, "case": 600, "peak": 1000},
}


def test_a_large_process_does_not_count_as_the_memory_of_one_it_starts():
    held = bytearray(300 * 2**20)
    held[:: 2**12] = bytes([1]) * len(held[:: 2**12])
    code = "from benchmarks.peak_memory import peak_megabytes; print(peak_megabytes())"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert peak_megabytes() > 300 > 100 > int(child.stdout)
    del held


@pytest.mark.slow  # a command line of its own
def test_the_command_is_measured_on_its_own(small_case_folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(large, "measure_app", lambda case: APP)
    file = tmp_path / "large.json"
    given = ["large", "--case", str(small_case_folder), "--model", "edge_unet", "--app"]
    assert main([*given, "--json", str(file)]) == 0
    results = json.loads(file.read_text())
    command = results["command"]
    assert command["peak_rss_mb"] > 80
    assert command["dice"]["edge_unet"]["wt"] is not None
    assert results["app"] == APP
    told = capsys.readouterr().out
    assert f"peak {command['peak_rss_mb']} MB" in told
    assert "peak 1000" in told


def test_what_the_command_says_is_said(tmp_path):
    with pytest.raises(InputError, match="no_such_case"):
        large.measure_command(tmp_path / "no_such_case", "edge_unet")
