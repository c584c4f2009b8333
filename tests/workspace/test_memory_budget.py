from dataclasses import dataclass

import numpy as np
import pytest

from workspace import memory_budget
from workspace.images_on_disk import array_on_disk
from workspace.kept_file import KeptFile
from workspace.memory_budget import (
    budget_bytes,
    files_take_memory,
    folder_bytes,
    held_bytes,
    limits_of,
    memory_bytes,
    open_budget_bytes,
)


@dataclass
class Result:
    labels: np.ndarray
    parts: dict


@pytest.fixture(autouse=True)
def asked_anew():
    budget_bytes.cache_clear()
    yield
    budget_bytes.cache_clear()


def test_arrays_and_bytes_of_a_result_are_counted_once():
    labels = np.zeros((10, 10), np.uint8)
    result = Result(labels, {"again": labels, "packed": [b"12345"], "word": "none"})
    result.itself = result
    assert held_bytes(result) == 105
    assert held_bytes(result, in_files=True) == 0
    assert held_bytes(array_on_disk(labels)) == 0


def test_a_part_of_an_array_holds_all_of_it_and_one_number_repeated_nothing():
    labels = np.zeros((10, 10), np.uint8)
    assert held_bytes([labels[2:], labels.T]) == 100
    assert held_bytes(np.broadcast_to(np.float32(0), (1000, 1000))) == 4


def test_what_lies_in_files_is_counted_by_itself(monkeypatch):
    labels = array_on_disk(np.zeros((10, 10), np.uint8))
    result = Result(labels[3:], {"again": labels, "dropped": KeptFile.of(b"12345")})
    assert held_bytes(result, in_files=True) == 105
    assert held_bytes(result) == 0
    monkeypatch.setattr("tempfile.tempdir", "/proc/no/such/folder")
    assert held_bytes(KeptFile.of(b"12345")) == 5


def test_a_container_has_what_its_limit_says(tmp_path):
    limit = tmp_path / "memory.max"
    machine = memory_bytes(())
    limit.write_text("max\n")
    assert memory_bytes((limit, tmp_path / "none")) == machine
    limit.write_text("2700000\n")
    assert memory_bytes((limit,)) == 2_700_000


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        (
            "0::/system.slice/gliolens.service",
            "system.slice/gliolens.service/memory.max",
            "memory.max",
        ),
        (
            "3:cpu,cpuacct:/a\n2:memory:/docker/ab\n1:name=systemd:/a",
            "memory/docker/ab/memory.limit_in_bytes",
            "memory/memory.limit_in_bytes",
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_a_limit_is_looked_for_in_ones_own_group_and_those_around_it(tmp_path, said, first, last):
    groups = tmp_path / "cgroup"
    groups.write_text(said + "\n")
    files = [str(file.relative_to("/sys/fs/cgroup")) for file in limits_of(groups)]
    assert (files[0], files[-1]) == (first, last)
    assert len(files) == 3
    assert list(limits_of(tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("variable", "asked"),
    [("GLIOLENS_KEPT_MB", budget_bytes), ("GLIOLENS_OPEN_MB", open_budget_bytes)],
)
def test_a_share_is_for_each_unless_it_is_said(monkeypatch, variable, asked):
    monkeypatch.setattr(memory_budget, "memory_bytes", lambda: 2_700_000_000)
    monkeypatch.delenv(variable, raising=False)
    assert asked() == 600_000_000
    budget_bytes.cache_clear()
    monkeypatch.setenv(variable, "120")
    assert asked() == 120_000_000


@pytest.mark.parametrize(
    ("memory", "each"), [(1_000, 100), (1_600, 160), (2_700, 600), (4_000, 1_120), (24_000, 7_200)]
)
def test_work_keeps_its_memory_whatever_is_kept(monkeypatch, memory, each):
    monkeypatch.setattr(memory_budget, "memory_bytes", lambda: memory * 10**6)
    monkeypatch.delenv("GLIOLENS_KEPT_MB", raising=False)
    assert budget_bytes() == each * 10**6


@pytest.mark.parametrize("said", ["", "much", "0", "-3", "1.5"])
def test_anything_else_is_logged_and_stops_nothing(monkeypatch, caplog, said):
    monkeypatch.setattr(memory_budget, "memory_bytes", lambda: 2_700_000_000)
    monkeypatch.setenv("GLIOLENS_KEPT_MB", said)
    assert budget_bytes() == 600_000_000
    assert "GLIOLENS_KEPT_MB is" in caplog.text


def test_files_lie_in_memory_where_their_folder_does(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "overlay / overlay rw 0 0\n"
        "tmpfs /tmp tmpfs rw,size=1g 0 0\n"
        "/dev/sda /tmp/disk ext4 rw 0 0\n"
    )
    assert files_take_memory("/tmp/gliolens-1", mounts)
    assert not files_take_memory("/tmp/disk/gliolens-1", mounts)
    assert not files_take_memory("/var/tmp", mounts)
    assert not files_take_memory("/tmp", tmp_path / "none")


def test_the_files_of_a_folder_are_counted_with_those_of_folders_in_it(tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "image").write_bytes(b"123")
    (tmp_path / "dropped").write_bytes(b"12")
    (tmp_path / "gone").symlink_to("nowhere")
    assert folder_bytes(str(tmp_path)) == 5 + len("nowhere")
