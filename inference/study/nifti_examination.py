"""An examination as NIfTI files with the skull on: the same choice as among series of DICOM."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from common.errors import InputError
from inference.dicom.file_headers.facts import SeriesFacts
from inference.io.case_reader import read_images, read_truth_of
from inference.io.cases.case_files import CaseFiles
from inference.io.names.wording import shown
from inference.io.slices.numbered_slices import Source
from inference.study.examination import Examination, SeriesRow
from inference.study.series.choice import Choice
from inference.study.series.nifti_series import NiftiStudy, facts_to_judge, find_nifti_study
from inference.study.series.series_choice import (
    choose_readable,
    fixed_by_option,
    nothing_fits,
    table_of,
)

_LISTED = 8


def read_nifti_examination(
    files: Sequence[Path], *, name: str, series: Sequence[str] = ()
) -> Examination:
    """Read the sequences of one exam from NIfTI files: headers first, then the chosen voxels.

    Args:
        files: NIfTI files and the JSON beside them; other files are passed over.
        name: What the case is called.
        series: Which series is which, where the user decides: ``"t1c=12"``.

    Raises:
        InputError: as of :func:`find_nifti_study`, :func:`case_files_of` and the reading of files.
    """
    study = find_nifti_study(files, name=name)
    choice = choose_nifti(study, fixed=fixed_nifti(study, series))
    return read_chosen_nifti(study, choice)


def fixed_nifti(study: NiftiStudy, wanted: Sequence[str]) -> dict[str, int]:
    """Index of the series by modality of what the user has decided: ``"t1c=12"``.

    Raises:
        InputError: as of :func:`inference.study.series.series_choice.fixed_by_option`.
    """
    return fixed_by_option(wanted, _facts(study), _refusals(study))


def choose_nifti(
    study: NiftiStudy,
    *,
    fixed: Mapping[str, int] | None = None,
    left_out: Collection[int] = (),
) -> Choice:
    """Choose among what can be read.

    Args:
        study: Its series.
        fixed: Index of the series by modality, where the user has decided.
        left_out: Index of every series that the user wants unused.

    Returns:
        A row for each series that was chosen from; the others are in no row.
    """
    judged = [facts_to_judge(series) for series in study.series]
    return choose_readable(judged, _refusals(study), fixed=fixed, left_out=left_out)


def nifti_table(study: NiftiStudy, choice: Choice) -> tuple[SeriesRow, ...]:
    """A row for every file, in the order of the series: what it is read as, and why."""
    return table_of(_facts(study), _refusals(study), choice)


def _facts(study: NiftiStudy) -> list[SeriesFacts]:
    return [series.facts for series in study.series]


def _refusals(study: NiftiStudy) -> list[str | None]:
    return [series.refusal for series in study.series]


def case_files_of(study: NiftiStudy, choice: Choice) -> CaseFiles:
    """The chosen files as a case like any other, for who aligns and prepares it by what it shows.

    Raises:
        InputError: where no series was chosen.
    """
    if not choice.chosen:
        rows = nifti_table(study, choice)[:_LISTED]
        whys = [(row.description, row.reason.removeprefix(f"{row.description}: ")) for row in rows]
        raise InputError(nothing_fits(study.name, whys))
    files: dict[str, Source] = {
        modality: study.series[index].path for modality, index in choice.chosen.items()
    }
    return CaseFiles(study.name, modalities=files, truth=study.truth)


def notes_on_choice(study: NiftiStudy, choice: Choice) -> tuple[str, ...]:
    """What only the user can say, as sentences; what is missing the reader of the case says."""
    return tuple(
        f"{shown(study.series[row.index].path)} is not read: {row.reason}. State what it is if it "
        "is needed (--series)."
        for row in choice.unclear
    )


def read_chosen_nifti(study: NiftiStudy, choice: Choice) -> Examination:
    """Read the voxels of the chosen files, each on its own grid.

    Raises:
        InputError: where no series was chosen, or a file is refused.
    """
    files = case_files_of(study, choice)
    images = {image.modality: image for image in read_images(files)}
    truth = read_truth_of(files, [*images.values()]) if files.truth is not None else None
    notes = (*choice.missing, *notes_on_choice(study, choice))
    return Examination(study.name, images, truth, notes=notes, series=nifti_table(study, choice))
