"""The log of a run: one JSON object a line, so that it can be plotted while the run goes on."""

import json
from pathlib import Path


class RunLog:
    """Appends records to a file; on resuming it forgets those after the checkpoint.

    Args:
        file: ``log.jsonl`` of the run.
        step: The step the run starts from; records of later steps are dropped, since they will
            be made again.
    """

    def __init__(self, file: Path, *, step: int = 0) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        kept = [record for record in read_log(file) if record["step"] <= step]
        write_log(kept, file)
        self.file = file

    def write(self, **record: object) -> None:
        """Append one record; ``step`` is among its entries."""
        with self.file.open("a", encoding="utf-8") as stream:
            stream.write(_line(record))


class NoLog:
    """That of a process beside the first one, which alone writes."""

    def write(self, **record: object) -> None:
        """Leave it to the first."""


def read_log(file: Path) -> list[dict]:
    """All whole records of a log; a last line cut off by a kill is left out."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines[:-1] if line]


def write_log(records: list[dict], file: Path) -> None:
    """Write a whole log, or leave the one that is there."""
    unfinished = file.with_suffix(".unfinished")
    unfinished.write_text("".join(map(_line, records)), encoding="utf-8")
    unfinished.replace(file)


def _line(record: dict) -> str:
    return json.dumps(record) + "\n"
