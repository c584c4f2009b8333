"""The listener: takes studies, answers them, and sends the answers, until it is stopped.

Whatever it is about to do stands in its journal, so it may be killed at any moment and goes on when
it is started again: what was taken in is answered, what was sent is not sent again.
"""

import contextlib
import datetime
import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.pacs.answering import Answer, Answering
from inference.pacs.arrivals import Arrivals
from inference.pacs.inbox import Inbox, Limits
from inference.pacs.journal import Journal
from inference.pacs.ledger import Ledger
from inference.pacs.progress import Event
from inference.pacs.reception import Reception
from inference.pacs.sending.delivery import Delivery
from inference.pacs.sending.destination import Destination
from inference.pacs.server import Node, serving

_TICK_SECONDS: Final = 0.25
_HOUSEKEEPING_TICKS: Final = 1200
# Time for an association to end by itself before those who wait are let go.
_FAREWELL_SECONDS: Final = 5


@dataclass(frozen=True)
class Settings:
    """How a listener works.

    Args:
        node: How it is known on the network.
        output: Gets the journal, the images while they wait, and a folder of results a study.
        quiet_seconds: How long nothing has to come before a study is taken to be whole.
        keep: How long results, and what the journal says, are kept of a study that is finished.
        first_wait: Seconds before what could not be sent is sent again.
        limits: How much is taken on.
    """

    node: Node
    output: Path
    quiet_seconds: float = 30.0
    keep: datetime.timedelta = datetime.timedelta(days=7)
    first_wait: float = 5.0
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Voices:
    """What a listener says while it works.

    Args:
        event: Is called with every event of the journal.
        words: Is told what else an operator should know.
        ready: Is called when studies can be sent.
    """

    event: Callable[[Event], object] = lambda event: None
    words: Callable[[str], object] = lambda words: None
    ready: Callable[[], object] = lambda: None


def listen(
    settings: Settings,
    answer: Answer,
    destination: Destination | None,
    stop: threading.Event,
    voices: Voices | None = None,
) -> None:
    """Listen until ``stop`` is set.

    Args:
        settings: How.
        answer: What answers a study; it is called for one study at a time.
        destination: Where answers are sent; None leaves them in their folders.
        stop: Ends it. A study that is being answered is answered anew at the next start.
        voices: Who is told what happens.

    Raises:
        InputError: where the port or the folder cannot be used, or pynetdicom is missing.
        WeightsError: where there is nothing to answer with.
    """
    voices = voices or Voices()
    output = settings.output
    with _alone_in(output), contextlib.closing(Journal(output / "journal.jsonl")) as journal:
        ledger = Ledger(journal, voices.event)
        inbox = Inbox(output / "inbox", settings.limits.inbox_bytes)
        reception = Reception(ledger, inbox, Arrivals(settings.quiet_seconds), settings.limits)
        reception.resume()
        answering = Answering(ledger, inbox, output, answer)
        delivery = Delivery(
            ledger, output, destination, first_wait=settings.first_wait, notify=voices.words
        )
        arriving = output / ".arriving"
        with serving(settings.node, reception, arriving, settings.limits.object_bytes):
            voices.ready()
            with _repeating(stop, answering.step, delivery.step) as faults:
                _keep_house(settings, reception, ledger, stop)
            answering.put_back()
    if faults:
        raise faults[0]


def _keep_house(
    settings: Settings, reception: Reception, ledger: Ledger, stop: threading.Event
) -> None:
    ticks = 0
    while not stop.wait(_TICK_SECONDS):
        reception.complete()
        if ticks % _HOUSEKEEPING_TICKS == 0:
            for study in ledger.forget(settings.keep):
                shutil.rmtree(settings.output / study, ignore_errors=True)
        ticks += 1


@contextlib.contextmanager
def _repeating(stop: threading.Event, *steps: Callable[[], bool]) -> Iterator[list[Exception]]:
    """Repeat each step in a thread of its own while the block runs; a fault in one stops all."""
    faults: list[Exception] = []

    def repeat(step: Callable[[], bool]) -> None:
        try:
            while not stop.is_set():
                if not step():
                    stop.wait(_TICK_SECONDS)
        except Exception as error:
            faults.append(error)
            stop.set()

    threads = [threading.Thread(target=repeat, args=(step,), daemon=True) for step in steps]
    for thread in threads:
        thread.start()
    try:
        yield faults
    finally:
        stop.set()
        for thread in threads:
            thread.join(_FAREWELL_SECONDS)


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder, which a process that is killed lets go of.

    Raises:
        InputError: where another listener holds it.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(
                f"Another listener works in {folder}; give each a folder of its own (--output)."
            ) from None
        yield
