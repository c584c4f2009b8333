"""A listener in a process of its own, which tests kill; what it answers is made up.

Its answer to a study is three documents, and how many images it saw. A file called ``hold`` or
``hold-sending`` in its folder makes it wait there: before it answers, or after each object sent.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from inference.dicom.file_headers.source import read_header
from inference.pacs.inbox import Limits
from inference.pacs.journal import Journal
from inference.pacs.listener import Settings, listen
from inference.pacs.sending.destination import Parcel, Receipt, destination
from inference.pacs.server import Node
from tests.inference.dicom.made import uid
from tests.support.repository import ROOT

ANSWERS = 3
PATIENCE_SECONDS = 30


def answer(images: Path, folder: Path) -> list[Path]:
    """Three documents whose UIDs depend on the study alone."""
    found = sorted(images.iterdir())
    (folder / "images.txt").write_text(str(len(found)))
    source = read_header(found[0], [0x0020000D, 0x00100020])
    return [_document(source.dataset, number, folder) for number in range(ANSWERS)]


def _document(source: Dataset, number: int, folder: Path) -> Path:
    document = Dataset()
    document.file_meta = FileMetaDataset()
    document.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    document.SOPClassUID = EncapsulatedPDFStorage
    document.SOPInstanceUID = uid(source.StudyInstanceUID, "answer", number)
    document.StudyInstanceUID = source.StudyInstanceUID
    document.SeriesInstanceUID = uid(source.StudyInstanceUID, "answers")
    document.PatientID, document.Modality = source.PatientID, "DOC"
    document.EncapsulatedDocument = b"%PDF"
    file = folder / f"{number}.dcm"
    document.save_as(file, enforce_file_format=True)
    return file


class _Held:
    """A destination that waits after each object while a file is there."""

    def __init__(self, there, hold: Path) -> None:
        self._there, self._hold = there, hold
        self.name = there.name

    def send(self, parcels: Sequence[Parcel]) -> Iterator[Receipt]:
        for receipt in self._there.send(parcels):
            yield receipt
            wait_for(lambda: not self._hold.exists())


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> object:
    """What a condition gives when it first gives something."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.05)
    return found


def events(output: Path, kind: str | None = None) -> list[dict]:
    """What the journal says, all or of one kind."""
    file = output / "journal.jsonl"
    if not file.exists():
        return []
    return [each for each in Journal(file).events() if kind in (None, each["event"])]


@contextmanager
def started(output: Path, port: int, send_to: str) -> Iterator[subprocess.Popen]:
    """A listener as a process, which is killed at the end, unless it was before."""
    command = [sys.executable, "-m", "tests.inference.pacs.listening", str(output), str(port)]
    process = subprocess.Popen(
        [*command, send_to], cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    try:
        assert process.stdout.readline() == "ready\n"
        yield process
    finally:
        kill(process)


def kill(process: subprocess.Popen) -> None:
    """As ``kill -9``."""
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)
    process.stdout.close()


def _main() -> None:
    output, port, send_to = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

    def held_answer(images: Path, folder: Path) -> list[Path]:
        wait_for(lambda: not (output / "hold").exists())
        return answer(images, folder)

    from inference.pacs.listener import Voices

    listen(
        Settings(
            Node("GLIOLENS", port, "127.0.0.1", ("ORTHANC",)),
            output,
            quiet_seconds=0.3,
            first_wait=0.3,
            limits=Limits(inbox_bytes=100_000_000),
        ),
        held_answer,
        _Held(destination(send_to, title="GLIOLENS"), output / "hold-sending"),
        threading.Event(),
        Voices(ready=lambda: print("ready", flush=True)),
    )


if __name__ == "__main__":
    _main()
