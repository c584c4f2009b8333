"""The page of metrics, as Prometheus reads it."""

import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.browser import free_port
from workspace.events import Event, tell
from workspace.load import metrics
from workspace.load.metrics import ADDRESS, serve_metrics

MODEL = "edge_unet"  # of which the server's own queue tells nothing


@pytest.fixture
def address(monkeypatch):
    found = f"127.0.0.1:{free_port()}"
    monkeypatch.setenv(ADDRESS, found)
    return found


def read(address):
    """Every sample by its name and labels."""
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        families = text_string_to_metric_families(answer.read().decode())
        return {(s.name, *s.labels.values()): s.value for each in families for s in each.samples}


def test_it_says_what_has_happened_and_what_there_is_to_do(address):
    serve_metrics()
    serve_metrics()  # as every run of the script does
    before = read(address)
    tell(Event(event="done", model=MODEL, seconds=1.5))
    after = read(address)
    for name, more in (("gliolens_events_total", 1), ("gliolens_event_seconds_total", 1.5)):
        assert after[name, "done", MODEL] - before.get((name, "done", MODEL), 0) == more
    assert {("gliolens_jobs_waiting",), ("gliolens_visitors",)} <= set(after)
    assert after["gliolens_memory_bytes",] > 1e7


def test_without_an_address_there_is_none(monkeypatch):
    monkeypatch.delenv(ADDRESS, raising=False)
    monkeypatch.setattr(metrics, "_start", lambda *_: pytest.fail("nobody asked for it"))
    serve_metrics()


@pytest.mark.parametrize("wrong", ["9464", "localhost:", "localhost:port"])
def test_a_wrong_address_is_told_in_the_log_and_stops_nothing(monkeypatch, caplog, wrong):
    monkeypatch.setenv(ADDRESS, wrong)
    serve_metrics()
    assert "give HOST:PORT" in caplog.text
