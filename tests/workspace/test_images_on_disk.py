"""Images of a case that is open lie on disk, and are the same when they are asked for."""

import gc
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from inference.io.case_reader import read_images
from inference.io.cases.case_files import open_cases
from workspace.images_on_disk import (
    ImageOnDisk,
    array_on_disk,
    bytes_on_disk,
    is_on_disk,
    nameless_bytes,
    on_disk,
)


@pytest.fixture
def images(small_case_folder):
    with open_cases([small_case_folder]) as (files,):
        return {image.modality: image for image in read_images(files)}


def test_they_are_the_same_on_disk(images, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    kept = on_disk(images)
    assert list(kept) == list(images)
    for name, image in images.items():
        assert kept[name].voxels.dtype == image.voxels.dtype
        np.testing.assert_array_equal(kept[name].voxels, image.voxels)
        assert (kept[name].grid, kept[name].name) == (image.grid, image.name)
    stored = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert stored == sum(image.voxels.nbytes for image in images.values())
    del kept
    gc.collect()
    assert not list(tmp_path.iterdir())


def test_a_disk_that_is_full_leaves_them_in_memory(images, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/proc/no/such/folder")
    kept = on_disk(images)
    np.testing.assert_array_equal(kept["t2"].voxels, images["t2"].voxels)


def test_what_is_on_disk_stays_where_it_is(images):
    kept = on_disk(images)
    assert all(isinstance(image, ImageOnDisk) for image in kept.values())
    assert on_disk(kept) == kept


def mapped_files(folder):
    """How many files of a folder this process has laid into its memory."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return sum(f"{folder}/" in line for line in lines)


@pytest.mark.skipif(sys.platform != "linux", reason="looks in /proc")
def test_numbers_on_disk_are_the_same_and_go_with_the_last_part_of_them(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    numbers = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    kept = array_on_disk(numbers.transpose(1, 0, 2))
    np.testing.assert_array_equal(kept, numbers.transpose(1, 0, 2))
    assert not kept.flags.writeable
    assert not list(tmp_path.iterdir())
    part = kept[1:]
    del kept
    gc.collect()
    assert mapped_files(tmp_path) == 1
    np.testing.assert_array_equal(part, numbers.transpose(1, 0, 2)[1:])
    del part
    gc.collect()
    assert mapped_files(tmp_path) == 0


def test_bytes_are_read_anew_and_what_files_without_a_name_hold_is_known():
    before = nameless_bytes()
    kept = bytes_on_disk(b"a scan")
    assert kept.tobytes() == b"a scan"
    assert is_on_disk(kept[2:])
    assert not is_on_disk(np.zeros(3))
    assert nameless_bytes() - before == 6
    part = kept[:2]
    del kept
    assert nameless_bytes() - before == 6
    del part
    gc.collect()
    assert nameless_bytes() == before


def test_numbers_stay_in_memory_where_the_disk_is_full(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/proc/no/such/folder")
    numbers = np.ones(3)
    assert array_on_disk(numbers) is numbers
