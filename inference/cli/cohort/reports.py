"""The numbers of all cases of a run, kept on the disk until they are written together."""

import json
import tempfile
from pathlib import Path
from typing import Any

from inference.io.whole_file import write_whole


class Reports:
    """The JSON of a run; of thousands of cases none is kept in memory.

    Args:
        file: Gets them; None where nobody asked for them.
    """

    def __init__(self, file: Path | None) -> None:
        self._file = file
        # Closed by __exit__.
        self._kept = tempfile.TemporaryFile("w+", encoding="utf-8", newline="\n")  # noqa: SIM115

    def __enter__(self) -> "Reports":
        return self

    def __exit__(self, *_: object) -> None:
        self._kept.close()

    def add(self, report: dict[str, Any]) -> None:
        """Keep the numbers of one case."""
        if self._file is not None:
            self._kept.write(json.dumps(report) + "\n")

    def write(self, *, as_list: bool) -> None:
        """Write what was kept.

        Args:
            as_list: Whether it is a list of cases, or one case alone.
        """
        if self._file is not None:
            write_whole(self._file, lambda unfinished: self._write(unfinished, as_list=as_list))

    def _write(self, file: Path, *, as_list: bool) -> None:
        self._kept.seek(0)
        with file.open("w", encoding="utf-8") as stream:
            between = "[\n" if as_list else ""
            for line in self._kept:
                stream.write(between + json.dumps(json.loads(line), indent=2))
                between = ",\n"
            stream.write({"[\n": "[]\n", ",\n": "\n]\n"}[between] if as_list else "\n")
