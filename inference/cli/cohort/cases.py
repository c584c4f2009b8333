"""What is done with each case of a run: read, answered, written, and noted in the manifest."""

import argparse
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, TypeVar

from inference.cli.answering import (
    Answered,
    Models,
    ReadSource,
    read_source,
    segment_with,
    write_found,
)
from inference.cli.cohort.attempt import Attempt, attempt
from inference.cli.cohort.identity import Given, Identity
from inference.cli.cohort.ledger import Ledger
from inference.cli.cohort.progress import Progress
from inference.cli.cohort.reports import Reports
from inference.cli.console import say
from inference.cli.output import print_report
from inference.io.cases.files_of_case import RefusedFiles
from inference.io.whole_file import keep_on_disk, remove_unfinished, write_whole
from inference.network.segmentation import Segmentation, consensus

REPORT: Final = "report.json"
_CONSENSUS: Final = consensus.__name__
Value = TypeVar("Value")
Answer = tuple[ReadSource, Mapping[str, Segmentation]]


@dataclass(frozen=True)
class Job:
    """One case to be done.

    Args:
        source: Its files.
        name: What it is called among others.
        folder: Gets its results; None where nothing is written.
        identity: Tells it from other cases.
    """

    source: Given
    name: str
    folder: Path | None
    identity: Identity


@dataclass(frozen=True)
class Steps:
    """The steps of every case, which may be done in any process that sees the same disk.

    Args:
        options: Of the command line.
        models: Gives the models.
        alone: Whether there is one case, whose error ends the run, and whose files name it.
        kept: Whether a report is written beside the results, and all is forced to the disk.
    """

    options: argparse.Namespace
    models: Models
    alone: bool = False
    kept: bool = False

    def read(self, job: Job) -> Attempt[ReadSource]:
        """Read the files of a case.

        Raises:
            InputError: where it is alone and cannot be read.
            WeightsError: if weights are missing.
        """
        return self.attempt(job, lambda: self._read(job))

    def answer(self, job: Job, read: Attempt[ReadSource]) -> Attempt[Answer]:
        """Have the networks answer a case.

        Raises:
            WeightsError: if weights are missing.
        """
        found = read.value
        if found is None:
            return Attempt(None, read.error, read.seconds)

        def step() -> Answer:
            return found, segment_with(self.models(), found.opened.case, found.prepared)

        return self.attempt(job, step, after=read.seconds)

    def write(self, job: Job, answer: Attempt[Answer]) -> Attempt[Answered]:
        """Write what was found.

        Raises:
            InputError: where it is alone and cannot be written.
            OSError: where there is no room on the disk.
        """
        if answer.value is None:
            return Attempt(None, answer.error, answer.seconds)
        read, found = answer.value
        return self.attempt(job, lambda: self._write(job, read, found), after=answer.seconds)

    def attempt(self, job: Job, step: Callable[[], Value], *, after: float = 0.0) -> Attempt[Value]:
        """One step of a case, see :func:`inference.cli.cohort.attempt.attempt`."""
        return attempt(step, place=None if self.alone else job.identity.place, after=after)

    def _read(self, job: Job) -> ReadSource:
        if isinstance(job.source, RefusedFiles):
            raise job.source.error
        return read_source(job.source, self.options, name=None if self.alone else job.name)

    def _write(self, job: Job, read: ReadSource, found: Mapping[str, Segmentation]) -> Answered:
        if not self.kept or job.folder is None:
            return write_found(read, found, self.options, job.folder)
        remove_unfinished(job.folder)
        answered = write_found(read, found, self.options, job.folder)
        file = job.folder / REPORT
        text = json.dumps(answered.report, indent=2) + "\n"
        write_whole(file, lambda unfinished: unfinished.write_text(text, encoding="utf-8"))
        answered = replace(answered, written=(*answered.written, file))
        keep_on_disk(answered.written)
        return answered


@dataclass
class Cases:
    """What is said, sent and noted of every case.

    Args:
        steps: That are done of each before.
        hand_over: Sends the DICOM files that were written.
        reports: Gets the numbers of each case.
        progress: Is told of each case.
        ledger: Gets a line of each case; None where there is no manifest.
        made_with: The options and weights that results depend on, for the record.
        failed: The sentences on the cases that failed.
    """

    steps: Steps
    hand_over: Callable[[Sequence[Path]], None]
    reports: Reports
    progress: Progress
    ledger: Ledger | None = None
    made_with: Mapping[str, Any] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def finish(self, job: Job, answer: Attempt[Answer]) -> None:
        """Write what was found of a case, and note it.

        Raises:
            InputError: where it is alone and cannot be written or sent.
            OSError: where there is no room on the disk.
        """
        self.note(job, self.steps.write(job, answer))

    def note(self, job: Job, done: Attempt[Answered]) -> None:
        """Send what was written of a case, say what was found, and add its line.

        Raises:
            InputError: where it is alone and cannot be sent.
        """
        written = done.value
        if written is not None:
            done = self.steps.attempt(job, lambda: self._sent(written), after=done.seconds)
        if done.value is not None:
            with self.progress.aside():
                print_report(done.value.report, done.value.notes, done.value.estimated)
            self.reports.add(done.value.report)
        else:
            self._say_failed(job, done.error)
        self._add_line(job, done)
        self.progress.count(failed=bool(done.error))

    def _sent(self, answered: Answered) -> Answered:
        with self.progress.aside():
            self.hand_over(answered.objects)
        return answered

    def _say_failed(self, job: Job, error: str) -> None:
        self.failed.append(error)
        with self.progress.aside():
            say(f"{job.name}\n  failed: {error}")

    def _add_line(self, job: Job, done: Attempt[Answered]) -> None:
        if self.ledger is None:
            return
        written = done.value.written if done.value is not None else ()
        output = self.steps.options.output
        record = {
            "case": job.name,
            "where": job.identity.where,
            "what": job.identity.what,
            **self.made_with,
            "written": [os.path.relpath(each, output) for each in written],
        }
        self.ledger.add(line_of(job, done), record)


def line_of(job: Job, done: Attempt[Answered]) -> dict[str, Any]:
    """The line of the manifest; volumes and Dice are the consensus's, where there is one."""
    models = done.value.report["models"] if done.value is not None else {}
    numbers: Mapping[str, Any] = models.get(_CONSENSUS) or next(iter(models.values()), {})
    return {
        "case": job.name,
        "state": "failed" if done.error else "done",
        "seconds": round(done.seconds, 3),
        "volume_ml": numbers.get("volume_ml"),
        "dice": numbers.get("dice"),
        "error": done.error or None,
    }


def skipped_line(name: str, why: str) -> dict[str, Any]:
    """The line of a case that is not done, and does not have to be."""
    empty = dict.fromkeys(("seconds", "volume_ml", "dice"))
    return {"case": name, "state": "skipped", **empty, "error": why}
