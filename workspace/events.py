"""One line of log for each event, for whoever runs the server: what happened, and how long it took.

A line holds numbers and words of this program, and nothing of a scan, a file or a visitor. What has
happened is counted too, for the page of metrics.
"""

import json
import logging
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from common.errors import InputError

Kind = Literal["opened", "let_go", "queued", "done", "failed", "cancelled", "refused"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened.

    Args:
        event: A case was opened, let go of for others, or refused; an answer was asked for, and
            what became of it.
        model: By whom the answer is.
        seconds: What it took: reading a case, or predicting.
        waited: Seconds before that in the queue.
        voxels: Of the case.
        modalities: How many the case has.
        files: How many were refused.
    """

    event: Kind
    model: str | None = None
    seconds: float | None = None
    waited: float | None = None
    voxels: int | None = None
    modalities: int | None = None
    files: int | None = None


@dataclass(frozen=True)
class Total:
    """Of one kind of event and one model.

    Args:
        number: How many there were.
        seconds: What they took together.
    """

    number: int
    seconds: float


_lock: Final = threading.Lock()
_numbers: Final[Counter[tuple[str, str]]] = Counter()
_seconds: Final[Counter[tuple[str, str]]] = Counter()


def tell(event: Event) -> None:
    """Write an event to the log, and count it."""
    key = (event.event, event.model or "")
    with _lock:
        _numbers[key] += 1
        _seconds[key] += event.seconds or 0.0
    known = {name: value for name, value in asdict(event).items() if value is not None}
    rounded = {n: round(v, 3) if isinstance(v, float) else v for n, v in known.items()}
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    _log.info(json.dumps({"time": now} | rounded))


def totals() -> dict[tuple[str, str], Total]:
    """What has happened since the server was started, by event and model ("" of none)."""
    with _lock:
        return {key: Total(number, _seconds[key]) for key, number in _numbers.items()}


@contextmanager
def refusals_told() -> Iterator[None]:
    """Tell of what is refused; the visitor is told why, the log is not."""
    try:
        yield
    except InputError:
        tell(Event(event="refused"))
        raise


def _logger() -> logging.Logger:
    """Writes lines as they are to the standard error, whatever Streamlit sets for others."""
    logger = logging.getLogger("gliolens.events")
    logger.setLevel(logging.INFO)
    logger.propagate = False
    if not logger.handlers:
        logger.addHandler(logging.StreamHandler(sys.stderr))
    return logger


_log: Final = _logger()
