"""The answer to one case: read, segmented, written; each step by itself, for many cases."""

import argparse
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from common.memory import trim_heap
from inference.case import Case
from inference.case_report import case_report
from inference.cli.console import say
from inference.cli.formats import check_formats, left_out, needs_images, write_answer
from inference.cli.options import ALL
from inference.cli.output import with_known_numbers, write_prepared
from inference.io.case_reader import read_case
from inference.io.cases.case_files import CaseFiles
from inference.io.format_names import NIFTI, SEG
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import Prepared, prepare
from inference.network.segmentation import Segmentation, consensus
from inference.preparation.answer import Answer, answer_on
from inference.preparation.brain.brain_finder import brain_finder
from inference.preparation.opened_case import (
    OpenedCase,
    PreparationOptions,
    open_case,
    prepared,
)
from inference.study.nifti_examination import (
    case_files_of,
    choose_nifti,
    fixed_nifti,
    notes_on_choice,
)
from inference.study.series.nifti_series import find_nifti_study
from inference.study.sources import AnySource, DicomFiles, NiftiFiles
from model_zoo.registry import ALL_MODELS, contract
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import Provenance

if TYPE_CHECKING:
    from model_zoo.weights.loading import Network


@dataclass(frozen=True)
class Loaded:
    """A model, its name, and where its weights came from."""

    name: str
    model: "Network"
    origin: Provenance


@dataclass(frozen=True)
class ReadSource:
    """One case that has been read.

    Args:
        opened: The case, without the voxels that nothing needs any more.
        prepared: What the networks read of it.
        formats: What is written of its answer.
        seconds: What reading took.
    """

    opened: OpenedCase
    prepared: Prepared
    formats: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class Answered:
    """What was found in one case.

    Args:
        notes: On the case, and on what could not be written of it.
        report: The numbers on the first grid that was asked for, as ``--json`` has them.
        estimated: The models whose core is the likeliest part of a tumour that hardly enhances.
        written: The files and folders that were written.
    """

    notes: tuple[str, ...]
    report: dict
    estimated: tuple[str, ...]
    written: tuple[Path, ...]

    @property
    def objects(self) -> tuple[Path, ...]:
        """The DICOM files among what was written, in the order in which to send them."""
        return tuple(each for each in self.written if each.suffix == ".dcm")


Models: TypeAlias = Callable[[], Iterable[Loaded]]
"""Gives the models, each when the one before is not needed any more."""


def models_of(options: argparse.Namespace) -> Models:
    """What loads the models that the options name."""
    return lambda: _load(_names(options), options.precision)


def _names(options: argparse.Namespace) -> tuple[str, ...]:
    return ALL_MODELS if options.model == ALL else (options.model,)


def answer_source(
    source: AnySource, options: argparse.Namespace, models: Models, *, name: str | None = None
) -> Answered:
    """Read one case, segment it, and write what the options ask for.

    Args:
        source: The case.
        options: Of :func:`inference.cli.options.make_parser`.
        models: Is called when the case has been read.
        name: What a study is called, and the folder inside ``--output``; None where the case is
            alone and gets no folder of its own.

    Raises:
        InputError: where it cannot be read.
        WeightsError: if weights are missing.
    """
    read = read_source(source, options, name=name)
    segmentations = segment_with(models(), read.opened.case, read.prepared)
    folder = options.output / (name or "") if options.output else None
    return write_found(read, segmentations, options, folder)


def read_source(
    source: AnySource, options: argparse.Namespace, *, name: str | None = None
) -> ReadSource:
    """Read one case and prepare what the networks see of it.

    Args:
        source: As of :func:`answer_source`.
        options: As there.
        name: What a study is called; None where nothing but its folder says it.

    Raises:
        InputError: where it cannot be read.
        WeightsError: if those of the brain mask are missing, and it is needed.
    """
    start = time.perf_counter()
    opened = _open(source, options, name)
    formats = _formats(options, source)
    check_formats(formats, opened)
    keeps = _needs_images(options, source)
    opened = opened if keeps else opened.without_images()
    read_seconds = time.perf_counter() - start
    read = prepare(opened.case)
    if not options.save_prepared and not keeps:
        opened = opened.without_voxels()
    trim_heap()
    return ReadSource(opened, read, formats, read_seconds)


def write_found(
    read: ReadSource,
    segmentations: Mapping[str, Segmentation],
    options: argparse.Namespace,
    folder: Path | None,
) -> Answered:
    """Write what the options ask for, and say what was found.

    Args:
        read: The case.
        segmentations: Of :func:`segment_with`.
        options: As of :func:`answer_source`.
        folder: Gets the files; None where nothing is written.

    Raises:
        InputError: where there is no sequence of the name, or a file of the study is gone.
    """
    write = partial(
        write_answer,
        formats=read.formats,
        without_identifiers=options.without_identifiers,
        read_seconds=read.seconds,
    )
    answered = _finish(read.opened, segmentations, options, folder, read.seconds, write)
    # What could not be written, since nothing was drawn of it, is a note.
    unwritten = left_out(segmentations, read.formats if folder else ())
    return replace(answered, notes=(*answered.notes, *unwritten))


def segment_with(
    models: Iterable[Loaded], case: Case, prepared: Prepared | None = None
) -> dict[str, Segmentation]:
    """Segment a case with every model, and join several in a consensus.

    Args:
        models: Each is taken when the one before has answered.
        case: The case; where it has been prepared, it may be without its voxels.
        prepared: What the networks read of it, where that is there already.
    """
    prepared = prepared or prepare(case)
    segmentations = {}
    for loaded in models:
        segmentations[loaded.name] = segment(
            case, loaded.model, name=loaded.name, prepared=prepared, weights=loaded.origin
        )
        loaded.model.rest()
        del loaded  # or it would be here while the next is loaded
    if len(segmentations) > 1:
        segmentations["consensus"] = consensus(list(segmentations.values()))
    return segmentations


def _open(source: AnySource, options: argparse.Namespace, name: str | None) -> OpenedCase:
    # A network that has learned from whole heads is shown them.
    heads = options.prepare == "auto" and all(contract(m).with_skull for m in _names(options))
    how = PreparationOptions(
        prepare="never" if heads else options.prepare,
        find_brain=brain_finder,
        brain_mask=options.brain_mask,
    )
    if isinstance(source, DicomFiles):
        # Here: it brings pydicom.
        from inference.study.dicom_examination import read_dicom_examination

        exam = read_dicom_examination(source.paths, study=options.study, series=options.series)
        return prepared(replace(exam, name=name or exam.name), how)
    files, notes = _files_of(source, options.series)
    convention = options.truth_labels or files.truth_convention
    opened = _open_files(replace(files, truth_convention=convention), options, how)
    case = replace(opened.case, notes=(*opened.case.notes, *notes))
    return replace(opened, case=case)


def _files_of(
    source: CaseFiles | NiftiFiles, series: Sequence[str]
) -> tuple[CaseFiles, tuple[str, ...]]:
    """The files of each modality, chosen among several where there is more to go by than names."""
    if isinstance(source, CaseFiles):
        return source, ()
    study = find_nifti_study(source.paths, name=source.name)
    choice = choose_nifti(study, fixed=fixed_nifti(study, series))
    return case_files_of(study, choice), notes_on_choice(study, choice)


def _open_files(
    files: CaseFiles, options: argparse.Namespace, how: PreparationOptions
) -> OpenedCase:
    if options.resample or options.register:
        return OpenedCase(read_case(files, resampled=options.resample, aligned=options.register))
    return open_case(files, how)


def _load(names: Iterable[str], precision: str) -> Iterator[Loaded]:
    for name in names:
        model, origin = load_model(name, precision=precision)
        if origin.note:
            say(f"{name}: {origin.note}")
        yield Loaded(name, ready_for_inference(model), origin)
        del model
        trim_heap()


def _formats(options: argparse.Namespace, source: AnySource) -> tuple[str, ...]:
    """Those asked for; else what the input came as."""
    if options.formats:
        return options.formats
    return (NIFTI, SEG) if isinstance(source, DicomFiles) else (NIFTI,)


def _needs_images(options: argparse.Namespace, source: AnySource) -> bool:
    if options.output is None:
        return False
    refers = isinstance(source, DicomFiles) and not options.without_identifiers
    return needs_images(_formats(options, source), from_dicom=refers)


def _finish(
    opened: OpenedCase,
    segmentations: Mapping[str, Segmentation],
    options: argparse.Namespace,
    folder: Path | None,
    read_seconds: float,
    write: Callable[[Answer, Path], Iterable[Path]],
) -> Answered:
    """Write what was found; the report is of the first grid that was asked for."""
    estimated = tuple(name for name, each in segmentations.items() if each.core_is_estimated)
    first: list[Answered] = []
    written: list[Path] = []
    for answer, inside in _answers(opened, segmentations, options.onto):
        if not first:
            report = _report(opened, answer, read_seconds)
            first.append(Answered(answer.case.notes, report, estimated, ()))
        if folder:
            written += write(answer, folder / inside)
    if folder and options.save_prepared and opened.preparation:
        write_prepared(opened.case, folder)
    return replace(first[0], written=tuple(written))


def _report(opened: OpenedCase, answer: Answer, read_seconds: float) -> dict:
    found = dict(answer.segmentations)
    report = case_report(answer.case, found, read_seconds=read_seconds)
    report["preparation"] = opened.preparation.report() if opened.preparation else None
    return with_known_numbers(report, answer.case, found)


def _answers(
    opened: OpenedCase, segmentations: Mapping[str, Segmentation], onto: str | None
) -> Iterable[tuple[Answer, str]]:
    """The answer on each grid that was asked for, and the folder inside the output for it."""
    if onto == ALL and opened.sequences:
        for modality in opened.sequences:
            yield answer_on(opened, segmentations, modality), modality
        return
    yield answer_on(opened, segmentations, None if onto == ALL else onto), ""
