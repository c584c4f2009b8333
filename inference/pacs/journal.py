"""The journal of a listener: JSON Lines that outlive the process.

A line is on the disk before what it says is acted upon, so that a listener which is killed goes on
where it was. It holds StudyInstanceUIDs and SOPInstanceUIDs, which the work needs, and nothing
else of a header.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

from common.errors import InputError
from inference.io.whole_file import write_whole
from inference.pacs.progress import Event


class Journal:
    """A file to which events are added, one a line.

    Args:
        file: Is made where it does not exist. A last line that was cut off, as by a loss of power,
            is taken off it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        file.parent.mkdir(parents=True, exist_ok=True)
        self._stream = self._opened()

    def _opened(self) -> IO[bytes]:
        stream = self._file.open("a+b")
        stream.seek(0)
        stream.truncate(sum(len(line) for line in stream if line.endswith(b"\n")))
        return stream

    def events(self) -> list[Event]:
        """All events, in the order in which they came.

        Raises:
            InputError: where a line is none of a journal.
        """
        lines = self._file.read_text(encoding="utf-8").splitlines()
        return [self._event(number, line) for number, line in enumerate(lines, 1)]

    def _event(self, number: int, line: str) -> Event:
        try:
            event = json.loads(line)
            event["event"], event["study"], event["time"]
        except (ValueError, TypeError, KeyError):
            raise InputError(
                f"{self._file.name}, line {number}, is no event of a journal; take the line out, "
                "or give another --output."
            ) from None
        return event

    def add(self, event: Event) -> None:
        """Write an event; it is on the disk when this returns."""
        self._stream.write(json.dumps(event, ensure_ascii=False).encode() + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def keep_only(self, wanted: Callable[[Event], bool]) -> None:
        """Leave out the events that are not wanted; the file changes at once or not at all."""
        lines = [json.dumps(each, ensure_ascii=False) for each in self.events() if wanted(each)]
        text = "".join(f"{line}\n" for line in lines)
        write_whole(self._file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))
        self._stream.close()
        self._stream = self._opened()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
