"""Files made for one visitor, on demand: they stand on disk as long as that visitor needs them."""

import shutil
import tempfile
import threading
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final

import streamlit as st

from common.disk_errors import in_words
from report.bundle import ObjectWriter, write_export
from report.drawing.pictures import View
from report.record import Record
from workspace.case_results.hospital_files import HospitalChoice
from workspace.open_case import goes_with_case

_STATE: Final = "export"
# A volume and its compressed copy at a time: two visitors who export do not need twice the memory.
_one_at_a_time: Final = threading.Lock()


@dataclass(frozen=True)
class ExportOptions:
    """What an export is made of: another wish needs another export.

    Args:
        case_key: The case.
        models: Those that have answered.
        view: The picture.
        probabilities: Whether they are added.
        agreement: Whether it reports how far the models agree.
        hospital: The DICOM objects that are added, if any.
    """

    case_key: str
    models: tuple[str, ...]
    view: View
    probabilities: bool
    agreement: bool
    hospital: HospitalChoice | None = None


@dataclass(eq=False)
class Export:
    """An export being made, or made. Its folder goes when the export does.

    Args:
        options: What was requested.
        progress: From 0 to 1.
        files: By kind, once done; see :func:`report.bundle.write_export`.
        error: What stopped it.
    """

    options: ExportOptions
    progress: float = 0.0
    files: dict[str, Path] = field(default_factory=dict)
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gliolens-export-"))
        self._unwanted = threading.Event()
        # Runs when the visitor's session is gone, too, and at the end of the server.
        self._finalizer = weakref.finalize(self, _discard, self.folder, self._unwanted)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to wait for."""
        return bool(self.files) or self.error is not None

    def discard(self) -> None:
        """Stop the work and delete the files."""
        self._finalizer()

    def start(self, record: Record, objects: ObjectWriter | None = None) -> None:
        """Make the files in a thread of their own, so that the page stays alive."""
        # The thread must not keep the export alive: it would outlast a visitor who has left.
        write = partial(
            write_export,
            record,
            self.folder,
            self.options.view,
            probabilities=self.options.probabilities,
            objects=objects,
        )
        arguments = (weakref.ref(self), write, self.folder, self._unwanted)
        threading.Thread(target=_make, args=arguments, name="export", daemon=True).start()


def current_export() -> Export | None:
    """The export this visitor has asked for."""
    return st.session_state.get(_STATE)


def start_export(
    record: Record, options: ExportOptions, objects: ObjectWriter | None = None
) -> Export:
    """Begin an export in place of the one before.

    Args:
        record: What is exported.
        options: What it is made of.
        objects: Writes the DICOM objects that the options name.
    """
    drop_export()
    export = st.session_state[_STATE] = Export(options)
    export.start(record, objects)
    return export


@goes_with_case
def drop_export() -> None:
    """Forget this visitor's export, and delete its files."""
    old = st.session_state.pop(_STATE, None)
    if old is not None:
        old.discard()


def reader(file: Path) -> Callable[[], BinaryIO]:
    """What a download button calls when it is pressed, and not before."""
    return lambda: file.open("rb")


def _make(
    export: "weakref.ref[Export]",
    write: Callable[..., dict[str, Path]],
    folder: Path,
    unwanted: threading.Event,
) -> None:
    def report(share: float) -> None:
        if unwanted.is_set():
            raise InterruptedError("The export is no longer wanted.")
        if (there := export()) is not None:
            there.progress = share

    try:
        with _one_at_a_time:
            files = write(progress=report)
        if (there := export()) is not None:
            there.files = files
    except BaseException as error:  # whatever it was, the page must learn of it
        if (there := export()) is not None:
            there.error = in_words(error)
    finally:
        if unwanted.is_set():  # a file may have been written after the folder was deleted
            shutil.rmtree(folder, ignore_errors=True)


def _discard(folder: Path, unwanted: threading.Event) -> None:
    unwanted.set()
    shutil.rmtree(folder, ignore_errors=True)
