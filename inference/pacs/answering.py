"""Answering the studies that wait, one after the other."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from common.errors import InputError
from inference.dicom.file_headers.free_text import without_persons
from inference.pacs.inbox import Inbox
from inference.pacs.ledger import Ledger
from inference.pacs.progress import ANSWERED, FAILED, INTERRUPTED, STARTED
from model_zoo.errors import WeightsError

# A study over which the process died so often is not tried again.
_ATTEMPTS: Final = 3

Answer: TypeAlias = Callable[[Path, Path], Sequence[Path]]
"""(folder of the images, folder for the results) to the DICOM files to be sent, in order."""


class Answering:
    """Answers one study at a time, the oldest first.

    Args:
        ledger: Says which study waits.
        inbox: Has its images, and loses them when they are answered.
        output: Gets a folder of results for each study, named by its UID.
        answer: Reads a study and writes the results; raises ``InputError`` where it cannot.
    """

    def __init__(self, ledger: Ledger, inbox: Inbox, output: Path, answer: Answer) -> None:
        self._ledger = ledger
        self._inbox = inbox
        self._output = output
        self._answer = answer

    def step(self) -> bool:
        """Answer the oldest study that waits; False where none does.

        Raises:
            WeightsError: where there are none to answer with; the study goes on waiting.
        """
        study = self._begun()
        if study is None:
            return False
        progress = self._ledger.progress(study)
        if progress and progress.attempts > _ATTEMPTS:
            self._fail(study, f"The program ended {_ATTEMPTS} times while it answered this study.")
            return True
        try:
            files = self._answered(study)
        except WeightsError:
            self.put_back()
            raise
        except InputError as error:
            self._fail(study, without_persons(" ".join(str(error).split()), ()))
        except Exception as error:  # whose text may quote a header
            self._fail(study, f"Internal error ({type(error).__name__}).")
        else:
            self._end(study, ANSWERED, files=files)
        return True

    def put_back(self) -> None:
        """Let what is being answered wait again, as before an orderly end."""
        with self._ledger.lock:
            for study in self._ledger.at("answering"):
                self._ledger.record(INTERRUPTED, study)

    def _begun(self) -> str | None:
        with self._ledger.lock:
            waiting = self._ledger.at("waiting", "answering")
            if not waiting:
                return None
            self._ledger.record(STARTED, waiting[0])
            return waiting[0]

    def _answered(self, study: str) -> list[str]:
        """The results appear whole or not at all."""
        unfinished, results = self._output / f".{study}", self._output / study
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            files = self._answer(self._inbox.folder(study), unfinished)
            names = [file.relative_to(unfinished).as_posix() for file in files]
            shutil.rmtree(results, ignore_errors=True)
            unfinished.rename(results)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        return names

    def _fail(self, study: str, sentence: str) -> None:
        self._end(study, FAILED, sentence=sentence)

    def _end(self, study: str, event: str, **facts: object) -> None:
        with self._ledger.lock:
            progress = self._ledger.progress(study)
            self._ledger.record(event, study, **facts)
            if progress and not progress.more:
                self._inbox.remove(study)
