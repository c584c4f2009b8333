"""An exam whose headers are read, from DICOM or from NIfTI: what can be asked of either."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import nibabel as nib
import numpy as np

from inference.dicom.exams import Exam
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.volumes.pixels import middle_slice
from inference.io.names.wording import damaged, shown
from inference.preparation.opened_case import (
    OpenedCase,
    PreparationOptions,
    open_case,
    prepared,
)
from inference.study.dicom_examination import choose_series, folded_table, read_chosen
from inference.study.examination import SeriesRow
from inference.study.nifti_examination import (
    case_files_of,
    choose_nifti,
    nifti_table,
    notes_on_choice,
)
from inference.study.series.choice import Choice
from inference.study.series.nifti_series import NiftiStudy
from workspace.images_on_disk import on_disk


@dataclass(frozen=True)
class SeriesView:
    """One series, as its row shows it.

    Args:
        name: What to call it.
        facts: How it was acquired.
        plane: Which way its slices lie: ``"axial"``, ``"coronal"``, ``"sagittal"``, or "".
        refusal: Why it cannot be read, or None.
    """

    name: str
    facts: SeriesFacts
    plane: str
    refusal: str | None


class ReadExam(Protocol):
    """An exam, its headers read."""

    @property
    def key(self) -> str:
        """Same for the same exam."""

    @property
    def ordinal(self) -> int:
        """Its number among those found, from 1."""

    @property
    def patient(self) -> int:
        """The number of its patient among those found, from 1."""

    @property
    def when(self) -> str:
        """Its date in words."""

    @property
    def series(self) -> tuple[SeriesView, ...]:
        """Its series, in their order."""

    @property
    def count(self) -> int:
        """How many series it has; one of several volumes is one."""

    def choose(self, fixed: Mapping[str, int], left_out: Collection[int]) -> Choice:
        """Which series is which.

        Args:
            fixed: Index of the series by modality, where the visitor has decided.
            left_out: Index of every series that the visitor wants unused.
        """

    def table(self, choice: Choice) -> tuple[SeriesRow, ...]:
        """The rows of the table, each with the index of its series in ``volumes``."""

    def picture(self, index: int) -> np.ndarray:
        """(rows, columns) float32: the middle slice of a series.

        Raises:
            InputError: where it cannot be read.
        """

    def open(
        self, choice: Choice, options: PreparationOptions, cancelled: Callable[[], bool]
    ) -> OpenedCase:
        """Read the chosen series, and prepare them if they are not prepared already.

        Raises:
            InputError: where a file is damaged, none is chosen, or they cannot be prepared.
            InterruptedError: where it was cancelled.
        """


@dataclass(frozen=True, eq=False)
class DicomExam:
    """One of DICOM."""

    exam: Exam

    @property
    def key(self) -> str:
        """StudyInstanceUID."""
        return self.exam.uid

    @property
    def ordinal(self) -> int:
        """As of :class:`ReadExam`."""
        return self.exam.ordinal

    @property
    def patient(self) -> int:
        """As of :class:`ReadExam`."""
        return self.exam.patient

    @property
    def when(self) -> str:
        """As of :class:`ReadExam`."""
        return self.exam.when

    @property
    def series(self) -> tuple[SeriesView, ...]:
        """As of :class:`ReadExam`."""
        return tuple(
            SeriesView(
                each.name,
                each.facts,
                plane_of(each.grid.axis_codes[2]) if each.grid else "",
                each.refusal,
            )
            for each in self.exam.series
        )

    @property
    def count(self) -> int:
        """As of :class:`ReadExam`."""
        return len({each.series_uid for each in self.exam.series})

    def choose(self, fixed: Mapping[str, int], left_out: Collection[int]) -> Choice:
        """As of :class:`ReadExam`."""
        return choose_series(self.exam, fixed=fixed, left_out=left_out)

    def table(self, choice: Choice) -> tuple[SeriesRow, ...]:
        """As of :class:`ReadExam`."""
        return folded_table(self.exam, choice)

    def picture(self, index: int) -> np.ndarray:
        """As of :class:`ReadExam`."""
        return middle_slice(self.exam.series[index])

    def open(
        self, choice: Choice, options: PreparationOptions, cancelled: Callable[[], bool]
    ) -> OpenedCase:
        """As of :class:`ReadExam`."""
        read = read_chosen(self.exam, choice, cancelled=cancelled)
        read = replace(read, images=on_disk(read.images))
        return prepared(read, options)


@dataclass(frozen=True, eq=False)
class NiftiExam:
    """One of NIfTI files with the JSON of dcm2niix beside them."""

    study: NiftiStudy

    key = "nifti"
    ordinal = 1
    patient = 1
    when = "without a date"

    @property
    def series(self) -> tuple[SeriesView, ...]:
        """As of :class:`ReadExam`."""
        return tuple(
            SeriesView(shown(each.path), each.facts, "", each.refusal) for each in self.study.series
        )

    @property
    def count(self) -> int:
        """As of :class:`ReadExam`."""
        return len(self.study.series)

    def choose(self, fixed: Mapping[str, int], left_out: Collection[int]) -> Choice:
        """As of :class:`ReadExam`."""
        return choose_nifti(self.study, fixed=fixed, left_out=left_out)

    def table(self, choice: Choice) -> tuple[SeriesRow, ...]:
        """As of :class:`ReadExam`."""
        return nifti_table(self.study, choice)

    def picture(self, index: int) -> np.ndarray:
        """As of :class:`ReadExam`: looked at from the patient's feet where its slices are axial."""
        path = self.study.series[index].path
        try:
            image = nib.load(path)
            middle = np.asarray(image.dataobj[..., image.shape[2] // 2], np.float32)
        except Exception as error:  # nibabel raises whatever a damaged file leads it to
            raise damaged(path) from error
        return np.flip(middle.reshape(middle.shape[:2]).T, 0)

    def open(
        self,
        choice: Choice,
        options: PreparationOptions,
        cancelled: Callable[[], bool],
    ) -> OpenedCase:
        """As of :class:`ReadExam`."""
        opened = open_case(case_files_of(self.study, choice), options)
        notes = (*opened.case.notes, *notes_on_choice(self.study, choice))
        return replace(opened, case=replace(opened.case, notes=notes))


def plane_of(direction: str) -> str:
    """The plane of slices that are stacked towards this side: R, L, A, P, S or I."""
    return {"S": "axial", "I": "axial", "A": "coronal", "P": "coronal"}.get(direction, "sagittal")
