import errno
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from model_zoo.weights.loading import load_model
from model_zoo.weights.mapped_numbers import MappedNumbers

CONTENT = np.random.default_rng(0).integers(0, 256, 3_000_001, np.uint8).tobytes()
in_linux = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux what is in memory")


def in_memory_bytes(array):
    """How much of an array in a file is in this process's memory."""
    start, found = array.__array_interface__["data"][0], False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        name, *rest = line.split()
        if not name.endswith(":"):
            found = name.startswith(f"{start:x}-")
        elif found and name == "Rss:":
            return int(rest[0]) * 1024
    raise AssertionError("not an array in a file")


@in_linux
def test_they_leave_memory_and_come_back():
    numbers = MappedNumbers(CONTENT)
    assert numbers.array.tobytes() == CONTENT
    assert in_memory_bytes(numbers.array) >= len(CONTENT)
    numbers.leave_memory()
    assert in_memory_bytes(numbers.array) == 0
    assert numbers.array.tobytes() == CONTENT


def test_their_file_has_no_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    numbers = MappedNumbers(CONTENT)
    assert list(tmp_path.iterdir()) == []
    assert numbers.array.tobytes() == CONTENT


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.ENOENT, errno.EROFS])
def test_what_the_disk_does_not_take_stays_in_memory(number, monkeypatch):
    def refuse():
        raise OSError(number, "no")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    numbers = MappedNumbers(CONTENT)
    numbers.leave_memory()
    assert numbers.array.tobytes() == CONTENT
    assert numbers.array.flags.writeable, "OpenVINO takes no other"


@in_linux
def test_a_loaded_model_has_its_numbers_on_disk_alone(monkeypatch):
    made = []

    class Seen(MappedNumbers):
        def __init__(self, content):
            super().__init__(content)
            made.append(self)

    monkeypatch.setattr("model_zoo.weights.quantised.MappedNumbers", Seen)
    images = np.random.default_rng(0).random((2, 4, 32, 32), np.float32)
    network, _ = load_model("unet", precision="int8")
    [numbers] = made
    assert in_memory_bytes(numbers.array) == 0
    first = network(images)
    assert in_memory_bytes(numbers.array) > 0
    network.rest()
    assert in_memory_bytes(numbers.array) == 0
    np.testing.assert_array_equal(network(images), first)
    network.rest(for_long=True)
    assert in_memory_bytes(numbers.array) == 0
    np.testing.assert_array_equal(network(images), first)
    assert made == [numbers], "once a model, however often it wakes"
