"""What a process has freed stands in its memory no more, as another process sees it."""

import subprocess
import sys

import numpy as np
import pytest

from tests.support.logged_server import held_by
from tests.support.repository import ROOT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="searches memory in /proc")

# A kilobyte: shorter ones may be left where something in use has taken their place.
PIECE = 16
# Rows of an image, in pieces of many sizes, freed by several threads between what stays in use.
FREES = """
import sys, threading
import numpy as np
from common.memory import keep_heap_small
from common.free_memory import overwrite_free_memory

keep_heap_small()
in_use = []

def use(seed):
    chance = np.random.default_rng(seed)
    for _ in range(200):
        scan = np.tile(np.random.default_rng(25).integers(0, 256, 64, np.uint8), chance.integers(20, 5000))
        in_use.append(np.zeros(chance.integers(600, 5000), np.uint8))
        del scan

for seeds in ((1, 2, 3), (4,)):
    threads = [threading.Thread(target=use, args=(seed,)) for seed in seeds]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
use(5)
print("freed", flush=True)
sys.stdin.readline()
print(overwrite_free_memory(), flush=True)
sys.stdin.readline()
"""  # noqa: E501


def test_what_was_freed_is_overwritten():
    row = np.random.default_rng(25).integers(0, 256, 64, np.uint8).tobytes()
    command = [sys.executable, "-c", FREES]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout.readline() == "freed\n"
        found = held_by(process.pid, {row, PIECE * row})
        print("next", file=process.stdin, flush=True)
        could = process.stdout.readline().strip()
        left = held_by(process.pid, {PIECE * row})
        print("end", file=process.stdin, flush=True)
    if could != "True":
        pytest.skip("this C library does not tell what is free")
    assert len(found) == 2, "the search would not find it"
    assert left == set()
