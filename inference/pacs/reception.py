"""What becomes of one object that was sent: taken in, left out, or turned away."""

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from common.errors import InputError
from inference.dicom.file_headers.kinds import READ
from inference.dicom.file_headers.source import read_header
from inference.dicom.file_headers.values import text
from inference.pacs.arrivals import Arrivals
from inference.pacs.inbox import Inbox, Limits, is_uid
from inference.pacs.ledger import Ledger
from inference.pacs.progress import COMPLETE, FAILED, RECEIVED

# Status of a C-STORE (DICOM PS3.4, table B.2-1).
SUCCESS: Final = 0x0000
OUT_OF_RESOURCES: Final = 0xA700
CANNOT_UNDERSTAND: Final = 0xC000

_IDENTITY: Final = (0x0020000D, 0x00080018, 0x00080016)  # of the study, of the object, its class
_FULL: Final = (
    "The inbox was full before the study had come whole; send it again when others are answered "
    "(--max-inbox)."
)
_EMPTY: Final = "No image of it was stored; send it again."


@dataclass(frozen=True)
class _Object:
    study: str
    uid: str
    size: int


class Reception:
    """Takes in what is sent, within limits, and says when a study has come whole.

    Args:
        ledger: Learns of a study's first image, and that it is complete.
        inbox: Gets the images.
        arrivals: Learns of every image.
        limits: How much is taken on.
    """

    def __init__(self, ledger: Ledger, inbox: Inbox, arrivals: Arrivals, limits: Limits) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._arrivals = arrivals
        self._limits = limits
        self._turned_away: set[tuple[Hashable, str]] = set()

    def resume(self) -> None:
        """Go on where the process before ended: what was coming may still come."""
        unfinished = self._ledger.unfinished()
        for study in self._inbox.studies() - set(unfinished):
            self._inbox.remove(study)
        for study in unfinished:
            progress = self._ledger.progress(study)
            if progress and (progress.more or progress.stage == "coming"):
                self._arrivals.resume(study)

    def store(self, file: Path, sop_class: str, association: Hashable, sender: str) -> int:
        """Take in one object.

        Args:
            file: The object as a file, which is moved or left where it is.
            sop_class: What it is; anything but MR images is left out, since nobody reads it.
            association: Over which it came.
            sender: AE title of who sent it.

        Returns:
            The status of the C-STORE.
        """
        if sop_class not in READ:
            return SUCCESS
        found = _identified(file)
        if found is None:
            return CANNOT_UNDERSTAND
        with self._ledger.lock:
            if not self._is_welcome(found, association):
                return OUT_OF_RESOURCES
            if not self._inbox.holds(file, found.study, found.uid):
                self._announce(found.study, sender)
                self._inbox.take(file, found.study, found.uid)
            self._arrivals.came(found.study, association)
        return SUCCESS

    def _is_welcome(self, found: _Object, association: Hashable) -> bool:
        if found.size > self._limits.object_bytes:
            return False
        if (association, found.study) in self._turned_away:
            return False
        unfinished = self._ledger.unfinished()
        new = found.study not in unfinished
        if new and len(unfinished) >= self._limits.studies:
            return False
        if self._inbox.has_room(found.size, new_study=new):
            return True
        if not new:
            self._give_up(found.study, association)
        return False

    def _give_up(self, study: str, association: Hashable) -> None:
        """A study that cannot come whole is not answered in part, and makes room for others."""
        self._turned_away.add((association, study))
        progress = self._ledger.progress(study)
        if progress and progress.stage == "coming":
            self._fail(study, _FULL)

    def _announce(self, study: str, sender: str) -> None:
        progress = self._ledger.progress(study)
        if progress is None or not (progress.stage == "coming" or progress.more):
            self._ledger.record(RECEIVED, study, sender=sender)

    def _fail(self, study: str, sentence: str) -> None:
        self._ledger.record(FAILED, study, sentence=sentence)
        self._inbox.remove(study)
        self._arrivals.forget(study)

    def closed(self, association: Hashable, *, broken: bool) -> None:
        """An association has ended: released, or broken off."""
        with self._ledger.lock:
            self._turned_away = {each for each in self._turned_away if each[0] != association}
        self._arrivals.closed(association, broken=broken)

    def complete(self) -> None:
        """Queue the studies that have come whole."""
        with self._ledger.lock:
            for study in self._arrivals.whole():
                progress = self._ledger.progress(study)
                if progress is None or progress.stage != "coming":
                    continue  # it is being answered; what came meanwhile waits for that
                if count := self._inbox.count(study):
                    size = self._inbox.bytes(study)
                    self._ledger.record(COMPLETE, study, objects=count, bytes=size)
                    self._arrivals.forget(study)
                else:
                    self._fail(study, _EMPTY)


def _identified(file: Path) -> _Object | None:
    try:
        source = read_header(file, _IDENTITY)
    except InputError:
        return None
    if source is None:
        return None
    study, uid = (text(source.dataset, f"{of}InstanceUID") for of in ("Study", "SOP"))
    return _Object(study, uid, file.stat().st_size) if is_uid(study) and is_uid(uid) else None
