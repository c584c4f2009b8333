"""A page of metrics in Prometheus' format, on an address of its own, where one is asked for."""

import logging
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from workspace.events import totals
from workspace.load.now import load_now

if TYPE_CHECKING:
    from prometheus_client import Metric

ADDRESS: Final = "GLIOLENS_METRICS"
_lock: Final = threading.Lock()
_tried: Final[set[str]] = set()
_log: Final = logging.getLogger(__name__)


class ServerMetrics:
    """What has happened and what there is to do, read anew for every request."""

    def collect(self) -> Iterator["Metric"]:
        """As ``prometheus_client`` asks for it."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        labels = ("event", "model")
        number = CounterMetricFamily("gliolens_events", "What has happened.", labels=labels)
        seconds = CounterMetricFamily("gliolens_event_seconds", "What it took.", labels=labels)
        for key, total in totals().items():
            number.add_metric(key, total.number)
            if total.seconds:
                seconds.add_metric(key, total.seconds)
        yield from (number, seconds)
        load = load_now()
        yield GaugeMetricFamily("gliolens_visitors", "Who has the app open.", load.visitors)
        yield GaugeMetricFamily("gliolens_jobs_running", "One or none.", load.running)
        yield GaugeMetricFamily("gliolens_jobs_waiting", "In the queue.", load.waiting)
        if load.memory_bytes is not None:
            memory = load.memory_bytes
            yield GaugeMetricFamily("gliolens_memory_bytes", "Resident memory.", memory)


def serve_metrics() -> None:
    """Serve the page, once, where the environment's ``GLIOLENS_METRICS`` is HOST:PORT.

    Where that cannot be, the log says why, and the app runs without it.
    """
    address = os.environ.get(ADDRESS)
    with _lock:
        if not address or address in _tried:
            return
        _tried.add(address)
    try:
        _start(*_parts(address))
    except (ValueError, OSError, ImportError) as error:
        _log.error("There is no page of metrics: %s", error)


def _parts(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise ValueError(f"{ADDRESS} is {address!r}; give HOST:PORT, as in 127.0.0.1:9464")
    return host, int(port)


def _start(host: str, port: int) -> None:
    from prometheus_client import CollectorRegistry, start_http_server

    registry = CollectorRegistry()
    registry.register(ServerMetrics())
    start_http_server(port, host, registry)
