"""The journal of a listener: JSON Lines that outlive the process.

A line is on the disk before what it says is acted upon, so that a listener which is killed goes on
where it was. It holds StudyInstanceUIDs and SOPInstanceUIDs, which the work needs, and nothing
else of a header.
"""

import json
from collections.abc import Callable
from pathlib import Path

from common.errors import InputError
from inference.io.json_lines import JsonLines
from inference.pacs.progress import Event


class Journal:
    """A file to which events are added, one a line.

    Args:
        file: Is made where it does not exist. A last line that was cut off, as by a loss of power,
            is taken off it.
    """

    def __init__(self, file: Path) -> None:
        self._name = file.name
        self._lines = JsonLines(file)

    def events(self) -> list[Event]:
        """All events, in the order in which they came.

        Raises:
            InputError: where a line is none of a journal.
        """
        return [self._event(number, line) for number, line in enumerate(self._lines.lines(), 1)]

    def _event(self, number: int, line: str) -> Event:
        try:
            event = json.loads(line)
            event["event"], event["study"], event["time"]
        except (ValueError, TypeError, KeyError):
            raise InputError(
                f"{self._name}, line {number}, is no event of a journal; take the line out, "
                "or give another --output."
            ) from None
        return event

    def add(self, event: Event) -> None:
        """Write an event; it is on the disk when this returns."""
        self._lines.add(event)

    def keep_only(self, wanted: Callable[[Event], bool]) -> None:
        """Leave out the events that are not wanted; the file changes at once or not at all."""
        self._lines.replace([each for each in self.events() if wanted(each)])

    def close(self) -> None:
        """Close the file."""
        self._lines.close()
