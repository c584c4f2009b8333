"""What the heap keeps is measured in a process of its own, which it would change."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

HELD = """
import sys, threading
from pathlib import Path
from common.memory import keep_heap_small
if sys.argv[1] == "small":
    keep_heap_small()

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

# What malloc gives back teaches it to keep the next of that size.
bytearray(30 * 2**20)
before = resident()
kept = []
for _ in range(8):
    large = [bytearray(20 * 2**20) for _ in range(4)]
    kept.append(bytearray(64 * 1024))
    del large
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and is of glibc")
def test_large_arrays_go_back_to_the_system_when_they_are_free():
    command = [sys.executable, "-c", HELD]
    usual, small = (
        int(subprocess.check_output([*command, how], cwd=ROOT)) for how in ("usual", "small")
    )
    assert small < 10 * 2**20
    assert small < usual
