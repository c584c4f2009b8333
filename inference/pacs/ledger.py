"""Which studies there are and how far each has come, the same in memory as in the journal."""

import datetime
import threading
from collections.abc import Callable, Collection
from typing import Any

from inference.pacs.journal import Journal
from inference.pacs.progress import FINISHED, Event, Progress, Stage, after

Notify = Callable[[Event], object]


class Ledger:
    """What the threads of a listener share; every change goes through the journal.

    Args:
        journal: Its events are read, and say how far each study had come.
        notify: Is called with every new event.

    Attributes:
        lock: For whoever decides by what the ledger says, and then changes it.
    """

    def __init__(self, journal: Journal, notify: Notify = lambda event: None) -> None:
        self._journal = journal
        self._notify = notify
        self.lock = threading.RLock()
        self._studies: dict[str, Progress] = {}
        for event in journal.events():
            self._fold(event)

    def _fold(self, event: Event) -> None:
        study = event["study"]
        self._studies[study] = after(self._studies.get(study), event)

    def record(self, event: str, study: str, **facts: Any) -> None:
        """Write down what happened to a study, then take note of it.

        Args:
            event: A kind of :mod:`inference.pacs.progress`.
            study: StudyInstanceUID.
            facts: What else the line holds; never of a patient.
        """
        with self.lock:
            time = _now().isoformat(timespec="milliseconds")
            entry = {"time": time, "event": event, "study": study} | facts
            self._journal.add(entry)
            self._fold(entry)
        self._notify(entry)

    def progress(self, study: str) -> Progress | None:
        """How far a study has come; None where it is unknown."""
        with self.lock:
            return self._studies.get(study)

    def at(self, *stages: Stage) -> list[str]:
        """The studies at one of these stages, the oldest first."""
        with self.lock:
            there = [(p.since, s) for s, p in self._studies.items() if p.stage in stages]
        return [study for _, study in sorted(there, key=lambda each: each[0])]

    def unfinished(self) -> Collection[str]:
        """The studies that something is still to be done with."""
        with self.lock:
            return {s for s, p in self._studies.items() if p.stage not in FINISHED}

    def forget(self, age: datetime.timedelta) -> list[str]:
        """Forget the studies that were finished longer ago than this, and say which."""
        with self.lock:
            limit = _now() - age
            old = {
                study
                for study, progress in self._studies.items()
                if progress.stage in FINISHED and progress.last < limit
            }
            if old:
                self._journal.keep_only(lambda event: event["study"] not in old)
            for study in old:
                del self._studies[study]
        return sorted(old)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
