"""The study that a visitor has dropped: what was read of it, and what they decided."""

import tempfile
import weakref
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import streamlit as st

from inference.study.series.choice import Choice
from inference.study.sources import DicomFiles, NiftiFiles
from workspace.held_cases import WayBack
from workspace.jobs.background import BackgroundTask
from workspace.open_case import current_case, goes_with_case
from workspace.study.exams import ReadExam
from workspace.study.preparing import PreparedCase, prepare_exam
from workspace.study.reading import ReadStudy, read_study

_STATE: Final = "study"


@dataclass(eq=False)
class Study:
    """A study, in its visitor's session; its files lie on disk as long as it does.

    Args:
        source: Where its files are.
        delete: Deletes them, once the study is dropped; None for files that stay.
        synthetic: Whether it was generated.
        reading: Of its headers.
        ordinal: The exam that was chosen, where there are several.
        decided: By index of a series of that exam, the modality it was given; None: not used.
        brain_mask: A NIfTI file to be used instead of the masks found.
        preparing: Of the series as they are chosen now.
        of_choice: What ``preparing`` was begun with.
        was_shown: Whether the case was opened for its visitor already.
        confirmed: The ``of_choice`` that its visitor stands by, whatever the pictures say.
    """

    source: DicomFiles | NiftiFiles
    delete: Callable[[], object] | None = None
    synthetic: bool = False
    reading: BackgroundTask[ReadStudy] = field(init=False)
    ordinal: int | None = None
    decided: dict[int, str | None] = field(default_factory=dict)
    brain_mask: Path | None = None
    preparing: BackgroundTask[PreparedCase] | None = None
    of_choice: tuple | None = None
    was_shown: bool = False
    confirmed: tuple | None = None
    _masks: tempfile.TemporaryDirectory | None = None

    def __post_init__(self) -> None:
        # Runs when its visitor's session is gone, too, and at the end of the server.
        self._finalizer = weakref.finalize(self, self.delete or _nothing)
        self.reading = BackgroundTask(partial(read_study, self.source), name="headers")

    @property
    def exam(self) -> ReadExam | None:
        """The exam that is meant; None while it is not read or not chosen."""
        read = self.reading.result
        return read.exam(self.ordinal) if read else None

    def choice(self, exam: ReadExam) -> Choice:
        """Which series of the exam is which, by the rules and by what was decided."""
        return exam.choose(_fixed(self.decided), _left_out(self.decided))

    def decide(self, index: int, modality: str | None) -> None:
        """Take the visitor's word for what a series is."""
        for other, given in self.decided.items():
            if given == modality and modality is not None and other != index:
                self.decided[other] = None
        self.decided[index] = modality

    def read_as(self, chosen: Mapping[str, int]) -> None:
        """Take the visitor's word for several series: their index by modality."""
        for modality, index in chosen.items():
            self.decide(index, modality)

    def confirm(self) -> None:
        """Take what was prepared as it is, although the pictures speak against it."""
        self.confirmed = self.of_choice

    def choose_exam(self, ordinal: int) -> None:
        """Turn to another exam; what was decided was of the series of the former."""
        self.ordinal, self.decided = ordinal, {}

    def prepare(self, exam: ReadExam, choice: Choice) -> None:
        """Begin to prepare the chosen series, unless that is done or under way."""
        wanted = (exam.key, tuple(choice.chosen.items()), self.brain_mask)
        if self.of_choice == wanted:
            return
        self.stop()
        self.of_choice, self.was_shown = wanted, False
        work = partial(
            prepare_exam, exam, choice, brain_mask=self.brain_mask, synthetic=self.synthetic
        )
        self.preparing = BackgroundTask(work, name="preparation")

    def use_brain_mask(self, name: str, content: bytes) -> None:
        """Have this file used instead of the masks found."""
        self._masks = tempfile.TemporaryDirectory(prefix="gliolens-")
        self.brain_mask = Path(self._masks.name) / Path(name).name
        self.brain_mask.write_bytes(content)

    def prepare_again(self) -> None:
        """Have what was stopped or has failed begun anew."""
        self.of_choice = None

    def forget_prepared(self) -> None:
        """Let go of what was prepared: it is prepared anew when the study is looked at next."""
        self.preparing, self.of_choice = None, None

    def stop(self) -> None:
        """Stop what is being prepared."""
        if self.preparing is not None:
            self.preparing.progress.stop()

    def discard(self) -> None:
        """Stop all work and let go of everything: what a button calls may hold this for long."""
        self.reading.progress.stop()
        self.stop()
        self._finalizer()
        self.preparing, self._masks, self.brain_mask = None, None, None


def current_study() -> Study | None:
    """The study that this visitor has dropped."""
    return st.session_state.get(_STATE)


def lay_down(study: Study) -> Study:
    """Make a study that of this visitor, in place of the one before."""
    clear_study()
    st.session_state[_STATE] = study
    return study


def way_back_to_study(study: Study, page: str) -> WayBack:
    """How the case of a study is opened again, while it is that of its visitor: by preparing it.

    Args:
        study: The study.
        page: Where it is prepared.
    """
    there = weakref.ref(study)

    def is_there() -> bool:
        return there() is not None and current_study() is there()

    def forget_prepared() -> None:
        kept = there()
        if kept is not None:
            kept.forget_prepared()

    return WayBack(page, is_there, forget_prepared)


def clear_study() -> None:
    """Put the study of this visitor away; its files go with it."""
    former = st.session_state.pop(_STATE, None)
    if former is not None:
        former.discard()


@goes_with_case
def _leave_with_case() -> None:
    """Whoever closes the case of a study, or opens another, is done with the study too."""
    study, case = current_study(), current_case()
    prepared = study.preparing.result if study and study.preparing else None
    if prepared is not None and prepared.opened is case:
        clear_study()


def _nothing() -> None:
    pass


def _fixed(decided: Mapping[int, str | None]) -> dict[str, int]:
    return {modality: index for index, modality in decided.items() if modality is not None}


def _left_out(decided: Mapping[int, str | None]) -> Collection[int]:
    return {index for index, modality in decided.items() if modality is None}
