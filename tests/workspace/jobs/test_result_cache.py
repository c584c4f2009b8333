from types import SimpleNamespace

import pytest

from workspace.jobs import result_cache
from workspace.jobs.result_cache import KEPT_SECONDS, ResultCache, evict_expired


@pytest.fixture
def pass_time(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(result_cache, "time", SimpleNamespace(monotonic=lambda: now[0]))

    def wait(seconds):
        now[0] += seconds
        evict_expired()

    return wait


@pytest.fixture
def made():
    """Makes things and counts them."""
    return iter(range(100)).__next__


def test_it_is_made_once(pass_time, made):
    kept = ResultCache(2)
    assert [kept.get("a", made), kept.get("a", made)] == [0, 0]


def test_that_nothing_is_there_is_remembered_too(pass_time):
    kept, runs = ResultCache(2), []
    for _ in range(2):
        assert kept.get("a", lambda: runs.append(1)) is None
    assert runs == [1]


def test_only_the_last_are_kept(pass_time, made):
    kept = ResultCache(2)
    for key in "abac":
        kept.get(key, made)
    assert kept.get("a", made) == 0
    assert kept.get("b", made) == 3


def test_it_is_gone_an_hour_after_it_was_asked_for_last(pass_time, made):
    kept = ResultCache(2)
    kept.get("a", made)
    pass_time(KEPT_SECONDS - 1)
    assert kept.get("a", made) == 0
    pass_time(KEPT_SECONDS - 1)
    assert len(kept._kept) == 1
    pass_time(2)
    assert len(kept._kept) == 0, "nobody has to ask for it to go"


def test_all_caches_together_take_a_part_of_the_memory_for_results(monkeypatch):
    monkeypatch.setattr(result_cache, "budget_bytes", lambda: 8 * 1000)
    monkeypatch.setattr(result_cache, "_all", [])
    one, other = ResultCache(10), ResultCache(10)
    made = {key: one.get(key, lambda: bytes(400)) for key in "abc"}
    assert one.get("c", lambda: b"") is made["c"]
    assert one.get("b", lambda: b"") is made["b"]
    assert one.get("a", lambda: b"anew") == b"anew"
    large = other.get("large", lambda: bytes(5000))
    assert other.get("large", lambda: b"anew") is large, "the last is kept whatever it takes"
