"""Sending answers to where they belong, again and again until they are taken."""

import datetime
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.pacs.ledger import Ledger
from inference.pacs.progress import DONE, FAILED, REFUSED, SENT, Progress
from inference.pacs.sending.destination import (
    Destination,
    Parcel,
    Receipt,
    UnreachableError,
    parcel,
)

_FIRST_WAIT_SECONDS: Final = 5.0
_LONGEST_WAIT_SECONDS: Final = 600.0
# A long weekend.
_PATIENCE: Final = datetime.timedelta(days=4)


class Delivery:
    """Sends the answers of one study at a time, the oldest first.

    Args:
        ledger: Says what is answered, and learns of every object that was taken.
        output: Has the results, as :class:`inference.pacs.answering.Answering` leaves them.
        destination: Where they are sent; None leaves them where they are.
        first_wait: Seconds before a second try; each wait is twice the one before, to 10 minutes.
        clock: Seconds that only grow.
        notify: Is told in words why something could not be sent yet.
    """

    def __init__(
        self,
        ledger: Ledger,
        output: Path,
        destination: Destination | None,
        *,
        first_wait: float = _FIRST_WAIT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        notify: Callable[[str], object] = lambda words: None,
    ) -> None:
        self._ledger = ledger
        self._output = output
        self._destination = destination
        self._first_wait = self._wait = first_wait
        self._clock = clock
        self._notify = notify
        self._not_before = clock()

    def step(self) -> bool:
        """Send what is answered; False where there is nothing to send, or not yet."""
        studies = self._ledger.at("answered")
        if not studies or self._clock() < self._not_before:
            return False
        problem = self._deliver(studies)
        if problem:
            self._not_before = self._clock() + self._wait
            self._notify(f"{problem}; the next try is in {self._wait:.0f} s")
            self._wait = min(2 * self._wait, _LONGEST_WAIT_SECONDS)
        else:
            self._wait = self._first_wait
        return not problem

    def _deliver(self, studies: Sequence[str]) -> str:
        """Why some answers have to be sent again; empty where none has to."""
        problem = ""
        for study in studies:
            try:
                found = self._delivered(study)
            except UnreachableError as error:
                return self._waited_for(study, str(error))
            problem = self._waited_for(study, found) if found else problem
        return problem

    def _delivered(self, study: str) -> str:
        if self._destination is None:
            self._ledger.record(DONE, study)
            return ""
        try:
            parcels = self._parcels(study)
        except (InputError, OSError):
            self._ledger.record(FAILED, study, sentence="Its results are not there any more.")
            return ""
        problem = self._send(study, parcels, self._destination)
        if not problem:
            self._finish(study, parcels, self._destination)
        return problem

    def _parcels(self, study: str) -> list[Parcel]:
        files = self._known(study).files
        return [parcel(self._output / study / file) for file in files]

    def _send(self, study: str, parcels: Sequence[Parcel], destination: Destination) -> str:
        """Send what has not been; each is noted before the next is sent."""
        known = self._known(study)
        settled = known.sent | known.refused
        left = [each for each in parcels if (destination.name, each.uid) not in settled]
        problem = ""
        for receipt in destination.send(left) if left else ():
            if receipt.again:
                problem = receipt.problem
            else:
                self._note(study, receipt, destination.name)
        return problem

    def _note(self, study: str, receipt: Receipt, name: str) -> None:
        uid = receipt.parcel.uid
        if receipt.problem:
            self._ledger.record(REFUSED, study, object=uid, to=name, sentence=receipt.problem)
        else:
            self._ledger.record(SENT, study, object=uid, to=name)

    def _finish(self, study: str, parcels: Sequence[Parcel], destination: Destination) -> None:
        refused = self._known(study).refused
        count = sum((destination.name, each.uid) in refused for each in parcels)
        if count:
            sentence = f"{destination.name} refused {count} of {len(parcels)} objects."
            self._ledger.record(FAILED, study, sentence=sentence)
        else:
            self._ledger.record(DONE, study)

    def _waited_for(self, study: str, problem: str) -> str:
        """Give a study up after a long while; what it would have sent stays in its folder."""
        if self._destination and _age(self._known(study)) > _PATIENCE:
            sentence = f"{self._destination.name} did not take the results: {problem}."
            self._ledger.record(FAILED, study, sentence=sentence)
        return problem

    def _known(self, study: str) -> Progress:
        progress = self._ledger.progress(study)
        if progress is None:
            raise KeyError(study)
        return progress


def _age(progress: Progress) -> datetime.timedelta:
    return datetime.datetime.now(datetime.UTC) - progress.last
