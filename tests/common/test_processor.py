import os

import pytest

from common import processor
from common.processor import has_graphics_card, usable_cores


@pytest.fixture(autouse=True)
def nobody_asks(monkeypatch, tmp_path):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(processor, "_QUOTA", tmp_path / "cpu.max")


def test_all_cores_that_the_process_may_use(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert usable_cores() == 6


@pytest.mark.parametrize(
    ("text", "cores"),
    [("200000 100000", 2), ("50000 100000", 1), ("max 100000", 6), ("nonsense", 6)],
)
def test_no_more_than_a_container_was_given(monkeypatch, tmp_path, text, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    (tmp_path / "cpu.max").write_text(text)
    assert usable_cores() == cores


@pytest.mark.parametrize(("asked", "cores"), [("1", 1), ("3", 3), ("4,2", 4), ("0", 6), ("", 6)])
def test_as_many_as_the_environment_says(monkeypatch, asked, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    assert usable_cores() == cores


def test_without_a_driver_there_is_no_graphics_card(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "_DRIVERS", (str(tmp_path / "nvidiactl"),))
    assert not has_graphics_card()


def test_a_driver_alone_is_not_enough(monkeypatch, tmp_path):
    (tmp_path / "nvidiactl").touch()
    monkeypatch.setattr(processor, "_DRIVERS", (str(tmp_path / "nvidiactl"),))
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert not has_graphics_card()
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    assert has_graphics_card()
    monkeypatch.setattr(processor, "find_spec", lambda _: None)
    assert not has_graphics_card()
