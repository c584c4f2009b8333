from types import SimpleNamespace

import pytest

from model_zoo.weights.provenance import EMBEDDED
from tests.support.read_once import read_once

AXIAL, BOTH = ("axial",), ("axial", "coronal")


@pytest.fixture
def read():
    return read_once(lambda *_: SimpleNamespace())


def test_an_embedded_network_is_read_once_and_has_the_planes_that_are_asked_for(read):
    first = read(EMBEDDED / "unet", {}, "unet", AXIAL)
    assert first.planes == AXIAL
    assert read(EMBEDDED / "unet", {}, "unet", BOTH) is first
    assert first.planes == BOTH
    assert read(EMBEDDED / "transunet", {}, "transunet", AXIAL) is not first


def test_one_of_another_folder_is_read_anew(read, tmp_path):
    first, again = (read(tmp_path / "unet", {}, "unet", AXIAL) for _ in range(2))
    assert first is not again


def test_tests_of_reading_have_it_read_anew(read, monkeypatch):
    first = read(EMBEDDED / "unet", {}, "unet", AXIAL)
    monkeypatch.setenv("PYTEST_CURRENT_TEST", "tests/model_zoo/test_it.py::test_it (call)")
    assert read(EMBEDDED / "unet", {}, "unet", AXIAL) is not first
