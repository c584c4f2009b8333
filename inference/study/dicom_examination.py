"""A DICOM study as the sequences that a network reads, and the table of all its series."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from inference.dicom.choice import choose_exam
from inference.dicom.exams import Exam, find_exams
from inference.dicom.file_headers.facts import SeriesFacts
from inference.dicom.volumes.pixels import grid_read_on, read_volume
from inference.dicom.volumes.series import SeriesHeader
from inference.io.scan_images import ScanImage
from inference.io.volumes.shrunk_file import shrinking_note
from inference.study.examination import Examination, SeriesRow
from inference.study.series.choice import Choice
from inference.study.series.series_choice import (
    choose_readable,
    fixed_by_option,
    nothing_fits,
    table_of,
)
from inference.study.series.volumes import facts_of_volumes, folded

# Nothing of a header names the case: what is written may be passed on.
_NAME = "exam"
_GROWN_UP_YEARS = 18
_LISTED = 8


def read_dicom_examination(
    paths: Sequence[Path],
    *,
    study: str | None = None,
    series: Sequence[str] = (),
    progress: Callable[[int, int], None] | None = None,
) -> Examination:
    """Read the sequences of one exam: headers of all files first, then the pixels of the chosen.

    Args:
        paths: Folders and files.
        study: Which exam, where there are several: its UID, date or number.
        series: Which series is which, where the user decides: ``"t1c=12"``.
        progress: Is called with the files read so far and their number.

    Raises:
        InputError: where there is no MR, several exams to choose from, or no series that can be
            read as one of the four modalities.
    """
    found = find_exams(paths, progress=progress)
    exam = choose_exam(found, study)
    choice = choose_series(exam, fixed=fixed_by_option(series, _facts(exam), _refusals(exam)))
    examination = read_chosen(exam, choice)
    notes = (
        *examination.notes,
        *(_question(exam.series[row.index], row.reason) for row in choice.unclear),
        *(left.sentence for left in found.left_out),
    )
    return replace(examination, notes=notes)


def choose_series(
    exam: Exam, *, fixed: Mapping[str, int] | None = None, left_out: Collection[int] = ()
) -> Choice:
    """Choose among what can be read as a volume.

    Args:
        exam: The exam.
        fixed: Index of the series by modality, where the user has decided.
        left_out: Index of every series that the user wants unused.

    Returns:
        A row for each series that was chosen from; the others are in no row.
    """
    return choose_readable(
        facts_of_volumes(exam.series), _refusals(exam), fixed=fixed, left_out=left_out
    )


def read_chosen(
    exam: Exam, choice: Choice, *, cancelled: Callable[[], bool] | None = None
) -> Examination:
    """Read the pixels of the chosen series.

    Args:
        exam: The exam.
        choice: Of :func:`choose_series`.
        cancelled: Is asked before every file; True ends the reading.

    Raises:
        InputError: where no series was chosen, or a file of one is damaged.
        InterruptedError: where it was cancelled.
    """
    if not choice.chosen:
        raise InputError(_nothing_to_read(exam, choice))
    images = {
        modality: _read(exam.series[index], modality, cancelled)
        for modality, index in choice.chosen.items()
    }
    chosen = {modality: exam.series[index] for modality, index in choice.chosen.items()}
    notes = (
        *_on_age(list(chosen.values())),
        *choice.missing,
        *(warning for series in chosen.values() for warning in series.warnings),
        *dict.fromkeys(shrinking_note(i.grid) for i in images.values() if i.grid.stored),
    )
    table = folded_table(exam, choice)
    return Examination(_NAME, images, notes=notes, series=table, dicom=chosen)


def _on_age(chosen: Sequence[SeriesHeader]) -> Iterator[str]:
    ages = [age for series in chosen if (age := series.facts.patient_age_years) is not None]
    if ages and min(ages) < _GROWN_UP_YEARS:
        yield (
            "The headers give the age of a child; the models were trained and evaluated on adults "
            "alone."
        )


def _facts(exam: Exam) -> list[SeriesFacts]:
    return [series.facts for series in exam.series]


def _refusals(exam: Exam) -> list[str | None]:
    return [series.refusal for series in exam.series]


def _read(series: SeriesHeader, modality: str, cancelled: Callable[[], bool] | None) -> ScanImage:
    grid = grid_read_on(series)
    voxels = read_volume(series, onto=grid, cancelled=cancelled)
    return ScanImage(series.name, modality, grid.to_ras(voxels), grid)


def series_table(exam: Exam, choice: Choice) -> tuple[SeriesRow, ...]:
    """A row for every series of an exam, in its order: what it is read as, and why."""
    return table_of(_facts(exam), _refusals(exam), choice)


def folded_table(exam: Exam, choice: Choice) -> tuple[SeriesRow, ...]:
    """The table with one row for what one series holds, where none of it is read or asked about."""
    return folded(series_table(exam, choice), [series.series_uid for series in exam.series])


def _question(series: SeriesHeader, reason: str) -> str:
    number = series.facts.number
    option = f"--series MODALITY={number}" if number is not None else "--series"
    return f"{series.name} is not read: {reason}. State what it is if it is needed ({option})."


def _nothing_to_read(exam: Exam, choice: Choice) -> str:
    rows = folded_table(exam, choice)[:_LISTED]
    whys = [(_shown(row), _why(row, exam.series[row.volumes[0]])) for row in rows]
    option = " State what it is if it is needed (--series MODALITY=NUMBER)." * bool(choice.unclear)
    return nothing_fits("The exam", whys) + option


def _shown(row: SeriesRow) -> str:
    """A series as its console shows it: by number and description, as far as it has them."""
    number = "" if row.number is None else f"Series {row.number}"
    return ", ".join(filter(None, (number, row.description))) or "A series without a name"


def _why(row: SeriesRow, series: SeriesHeader) -> str:
    return row.reason.removeprefix(f"{series.name}: ")
