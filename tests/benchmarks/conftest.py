import pytest

from benchmarks import arithmetic


@pytest.fixture
def short_rates(monkeypatch):
    """The rate of this machine, measured for a moment on matrices that it soon has multiplied."""
    monkeypatch.setattr(arithmetic, "_SIDE", 512)
    monkeypatch.setattr(arithmetic, "_WINDOWS", 2)
    monkeypatch.setattr(arithmetic, "_WINDOW_SECONDS", 0.02)
