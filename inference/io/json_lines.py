"""JSON Lines that outlive the process which adds to them."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from inference.io.whole_file import write_whole


class JsonLines:
    """A file to which values are added, one a line.

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

    def lines(self) -> list[str]:
        """All lines, in the order in which they came."""
        return self._file.read_text(encoding="utf-8").splitlines()

    def add(self, value: Any) -> None:
        """Write a line; it is on the disk when this returns."""
        self._stream.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def replace(self, values: Sequence[Any]) -> None:
        """Have other lines in place of all; the file changes at once or not at all."""
        text = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in values)
        write_whole(self._file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))
        self._stream.close()
        self._stream = self._opened()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
