"""What nobody expected stands in the log by its kind and where it happened, without its words.

The words of an error may quote what a visitor brought: the name of a file, a field of its header.
Streamlit writes them to the log with every traceback.
"""

import logging
import traceback
from collections.abc import Iterator
from typing import Any

_LED_TO = "which led to"


def keep_words_from_log() -> None:
    """Have errors logged without their words from now on, by whomever; once for all visitors."""
    if logging.getLogRecordFactory() is not _record:
        logging.setLogRecordFactory(_record)


def places_of(error: BaseException) -> str:
    """The kinds of an error and of what led to it, each with its places in the program."""
    parts = [_places(each) for each in _chain(error)]
    return f"\n{_LED_TO}\n".join(reversed(parts))


def _record(*arguments: Any, **named: Any) -> logging.LogRecord:
    record = logging.LogRecord(*arguments, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.exc_text, record.exc_info = places_of(error), None
    return record


def _chain(error: BaseException) -> Iterator[BaseException]:
    met: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in met:
        met.add(id(found))
        yield found
        found = found.__cause__ or (None if found.__suppress_context__ else found.__context__)


def _places(error: BaseException) -> str:
    lines = [
        f"  {frame.filename}, line {frame.lineno}, in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return "\n".join([type(error).__name__, *lines])
