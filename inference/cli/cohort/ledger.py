"""What is known of the cases in a folder of results: ``manifest.jsonl`` and ``record.jsonl``.

The manifest is for whoever reads the results. The record beside it says of each case whose files it
was made of, and how, so that a later run knows what is done. A case is done when its line is in the
manifest, which is the last that is written of it.
"""

import contextlib
import json
import os
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeAlias

from common.errors import InputError
from inference.cli.cohort.identity import Identity
from inference.cli.cohort.naming import names_of
from inference.io.json_lines import JsonLines
from inference.io.whole_file import remove_unfinished

MANIFEST: Final = "manifest.jsonl"
RECORD: Final = "record.jsonl"
_FIELDS: Final = {
    MANIFEST: {"case", "state"},
    RECORD: {"case", "where", "what", "options", "weights", "written"},
}
Line: TypeAlias = dict[str, Any]


class Ledger:
    """The manifest and the record of one folder, held by one run at a time.

    Args:
        folder: Of the results; made where it is not there.

    Raises:
        InputError: where another run holds it, or a line is none of such a file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open = contextlib.ExitStack()
        _hold(folder, self._open)
        remove_unfinished(folder)
        self._manifest = JsonLines(folder / MANIFEST)
        self._record = JsonLines(folder / RECORD)
        self._lines = self._by_case(MANIFEST, self._manifest)
        self._records = self._by_case(RECORD, self._record)

    def _by_case(self, name: str, file: JsonLines) -> dict[str, Line]:
        found = {}
        for number, text in enumerate(file.lines(), 1):
            try:
                line = json.loads(text)
                complete = isinstance(line, dict) and line.keys() >= _FIELDS[name]
            except ValueError:
                complete = False
            if not complete:
                raise InputError(
                    f"{self._folder / name}, line {number}, tells of no case; take the line out, "
                    "or give another --output."
                )
            found[line["case"]] = line
        return found

    def names(self, cases: Sequence[Identity]) -> list[str]:
        """What each case is called here, see :func:`inference.cli.cohort.naming.names_of`."""
        return names_of(cases, self._records)

    def was_done(self, name: str) -> bool:
        """Whether an earlier run has done a case, in whatever way."""
        line = self._lines.get(name)
        return line is not None and line["state"] == "done" and name in self._records

    def why_again(self, name: str, case: Identity, made_with: Mapping[str, Any]) -> str:
        """Why a case that was done has to be done again; empty where it has not.

        Args:
            name: What it is called here.
            case: Its files as they are now.
            made_with: The ``options`` and ``weights`` that results depend on now.
        """
        record = self._records[name]
        if record["what"] != case.what:
            return "files have changed"
        for kind in ("options", "weights"):
            if other := _differing(record[kind], made_with[kind]):
                return f"other {kind} ({', '.join(other)})"
        gone = any(not (self._folder / each).exists() for each in record["written"])
        return "results are gone" if gone else ""

    def leave_out(self, names: Collection[str]) -> None:
        """Take out the lines of cases that are to be done."""
        self._lines = {name: line for name, line in self._lines.items() if name not in names}
        self._manifest.replace(list(self._lines.values()))
        self._record.replace(list(self._records.values()))

    def add(self, line: Line, record: Line | None) -> None:
        """Write what came of a case; it is on the disk when this returns."""
        if record is not None:
            self._record.add(record)
        self._manifest.add(line)
        self._lines[line["case"]] = line

    def lines(self) -> list[Line]:
        """The last line of each case, in the order of the manifest."""
        return list(self._lines.values())

    def close(self) -> None:
        """Close the files, for another run to hold."""
        self._manifest.close()
        self._record.close()
        self._open.close()


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in {*one, *other} if one.get(key) != other.get(key))


def _hold(folder: Path, stack: contextlib.ExitStack) -> None:
    """Keep other runs out of a folder, where the system has locks for that."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.name != "posix":
        return
    import fcntl

    held = os.open(folder, os.O_RDONLY)
    stack.callback(os.close, held)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # a disk without locks says something else
        stack.close()
        raise InputError(
            f"Another run writes to {folder}; wait until it has ended, or give another --output."
        ) from None
