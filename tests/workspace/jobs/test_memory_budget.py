from dataclasses import dataclass

import numpy as np
import pytest

from workspace.images_on_disk import array_on_disk
from workspace.jobs import memory_budget
from workspace.jobs.memory_budget import budget_bytes, held_bytes, memory_bytes


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
    assert held_bytes(array_on_disk(labels)) == 0


def test_a_container_has_what_its_limit_says(tmp_path):
    limit = tmp_path / "memory.max"
    machine = memory_bytes(())
    limit.write_text("max\n")
    assert memory_bytes((limit, tmp_path / "none")) == machine
    limit.write_text("2700000\n")
    assert memory_bytes((limit,)) == 2_700_000


def test_a_third_is_for_results_unless_it_is_said(monkeypatch):
    monkeypatch.setattr(memory_budget, "memory_bytes", lambda: 2_700_000_000)
    monkeypatch.delenv("GLIOLENS_KEPT_MB", raising=False)
    assert budget_bytes() == 900_000_000
    budget_bytes.cache_clear()
    monkeypatch.setenv("GLIOLENS_KEPT_MB", "120")
    assert budget_bytes() == 120_000_000


@pytest.mark.parametrize("said", ["", "much", "0", "-3", "1.5"])
def test_anything_else_is_logged_and_stops_nothing(monkeypatch, caplog, said):
    monkeypatch.setenv("GLIOLENS_KEPT_MB", said)
    assert budget_bytes() == memory_bytes() // 3
    assert "GLIOLENS_KEPT_MB is" in caplog.text
