"""A DICOM study as the sequences that a network reads, and the table of all its series."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.dicom.choice import choose_exam
from inference.dicom.exams import Exam, find_exams
from inference.dicom.pixels import read_volume
from inference.dicom.series import SeriesHeader
from inference.io.scan_images import ScanImage
from inference.study.choice import Choice, choose
from inference.study.examination import Examination, SeriesRow
from inference.study.option import parse_series_option

# Nothing of a header names the case: what is written may be passed on.
_NAME = "exam"


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
    choice = _choose(exam, series)
    images = {
        modality: _read(exam.series[index], modality) for modality, index in choice.chosen.items()
    }
    if not images:
        raise InputError(_nothing_to_read(exam, choice))
    notes = (
        *choice.missing,
        *(w for index in choice.chosen.values() for w in exam.series[index].warnings),
        *(_question(exam.series[row.index], row.reason) for row in choice.unclear),
        *(left.sentence for left in found.left_out),
    )
    return Examination(_NAME, images, notes=notes, series=_table(exam, choice))


def _choose(exam: Exam, wanted: Sequence[str]) -> Choice:
    """Choose among what can be read as a volume; the others stay in the table with their reason."""
    facts = [series.facts for series in exam.series]
    fixed = parse_series_option(wanted, facts) if wanted else {}
    for index in fixed.values():
        if exam.series[index].refusal:
            raise InputError(exam.series[index].refusal)
    readable = [at for at, series in enumerate(exam.series) if not series.refusal]
    places = {at: place for place, at in enumerate(readable)}
    chosen = choose(
        [facts[at] for at in readable],
        fixed={modality: places[index] for modality, index in fixed.items()},
    )
    back = {modality: readable[place] for modality, place in chosen.chosen.items()}
    rows = tuple(replace(row, index=readable[row.index]) for row in chosen.rows)
    return Choice(rows, back, chosen.missing)


def _read(series: SeriesHeader, modality: str) -> ScanImage:
    grid = series.readable_grid
    return ScanImage(series.name, modality, grid.to_ras(read_volume(series)), grid)


def _table(exam: Exam, choice: Choice) -> tuple[SeriesRow, ...]:
    rows = {row.index: row for row in choice.rows}
    table = []
    for index, series in enumerate(exam.series):
        facts, row = series.facts, rows.get(index)
        if row is None:
            table.append(SeriesRow(facts.number, facts.description, None, series.refusal or ""))
        else:
            table.append(
                SeriesRow(facts.number, facts.description, row.chosen, row.reason, row.unclear)
            )
    return tuple(table)


def _question(series: SeriesHeader, reason: str) -> str:
    number = series.facts.number
    option = f"--series MODALITY={number}" if number is not None else "--series"
    return f"{series.name} is not read: {reason}. State what it is if it is needed ({option})."


def _nothing_to_read(exam: Exam, choice: Choice) -> str:
    wanted = ", ".join(MODALITY_NAMES[modality] for modality in MODALITIES)
    found = "; ".join(
        f"{row.number if row.number is not None else '–'} {row.description}: {row.reason}"
        for row in _table(exam, choice)[:8]
    )
    return f"The exam has no series that is {wanted} of a head. It has {found}."
