"""An examination as NIfTI files with the skull on: the same choice as among series of DICOM."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from common.errors import InputError
from common.vocabulary import MODALITIES, MODALITY_NAMES
from inference.io.case_files import CaseFiles
from inference.io.case_reader import read_images, read_truth_of
from inference.io.files.numbered_slices import Source
from inference.study.choice import Choice, choose
from inference.study.examination import Examination, SeriesRow
from inference.study.nifti_series import NiftiStudy, facts_to_judge, find_nifti_study
from inference.study.option import parse_series_option


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
        InputError: as of :func:`inference.study.option.parse_series_option`, and for a series that
            cannot be read.
    """
    fixed = parse_series_option(wanted, [each.facts for each in study.series]) if wanted else {}
    for index in fixed.values():
        if refusal := study.series[index].refusal:
            raise InputError(refusal)
    return fixed


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
    readable = [
        at for at, each in enumerate(study.series) if not each.refusal and at not in left_out
    ]
    places = {at: place for place, at in enumerate(readable)}
    chosen = choose(
        [facts_to_judge(study.series[at]) for at in readable],
        fixed={modality: places[index] for modality, index in (fixed or {}).items()},
    )
    back = {modality: readable[place] for modality, place in chosen.chosen.items()}
    rows = tuple(replace(row, index=readable[row.index]) for row in chosen.rows)
    return Choice(rows, back, chosen.missing)


def nifti_table(study: NiftiStudy, choice: Choice) -> tuple[SeriesRow, ...]:
    """A row for every file, in the order of the series: what it is read as, and why."""
    rows = {row.index: row for row in choice.rows}
    table = []
    for index, series in enumerate(study.series):
        facts, row = series.facts, rows.get(index)
        taken, why, unclear = None, series.refusal or "left out by you", False
        if row is not None:
            taken, why, unclear = row.chosen, row.reason, row.unclear
        table.append(
            SeriesRow(facts.number, facts.description, taken, why, unclear, volumes=(index,))
        )
    return tuple(table)


def case_files_of(study: NiftiStudy, choice: Choice) -> CaseFiles:
    """The chosen files as a case like any other, for who aligns and prepares it by what it shows.

    Raises:
        InputError: where no series was chosen.
    """
    if not choice.chosen:
        wanted = ", ".join(MODALITY_NAMES[modality] for modality in MODALITIES)
        found = "; ".join(
            f"{row.description}: {row.reason}" for row in nifti_table(study, choice)[:8]
        )
        raise InputError(f"{study.name} has no series that is {wanted} of a head. It has {found}.")
    files: dict[str, Source] = {
        modality: study.series[index].path for modality, index in choice.chosen.items()
    }
    return CaseFiles(study.name, modalities=files, truth=study.truth)


def notes_on_choice(study: NiftiStudy, choice: Choice) -> tuple[str, ...]:
    """What only the user can say, as sentences; what is missing the reader of the case says."""
    return tuple(
        f"{study.series[row.index].path.name} is not read: {row.reason}. Say what it is if it is "
        "needed (--series)."
        for row in choice.unclear
    )


def read_chosen_nifti(study: NiftiStudy, choice: Choice) -> Examination:
    """Read the voxels of the chosen files, each on its own grid.

    Raises:
        InputError: where no series was chosen, or a file is refused.
    """
    files = case_files_of(study, choice)
    images = {image.modality: image for image in read_images(files)}
    truth = read_truth_of(files) if files.truth is not None else None
    notes = (*choice.missing, *notes_on_choice(study, choice))
    return Examination(study.name, images, truth, notes=notes, series=nifti_table(study, choice))
