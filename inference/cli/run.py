"""The run of ``python -m inference`` over the cases it is given."""

import argparse
import json
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from common.memory import trim_heap
from inference.case import Case
from inference.case_report import case_report
from inference.cli.console import say
from inference.cli.formats import check_formats, left_out, needs_images, write_answer
from inference.cli.options import ALL
from inference.cli.output import (
    print_report,
    with_known_numbers,
    write_prepared,
)
from inference.io.case_files import CaseFiles
from inference.io.case_reader import read_case
from inference.io.export import write_whole
from inference.io.format_names import NIFTI, SEG
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import Prepared, prepare
from inference.network.segmentation import Segmentation, consensus
from inference.preparation.answer import Answer, answer_on
from inference.preparation.brain_finder import brain_finder
from inference.preparation.opened_case import (
    OpenedCase,
    PreparationOptions,
    open_case,
    prepared,
)
from inference.study.dicom_examination import read_dicom_examination
from inference.study.nifti_examination import (
    case_files_of,
    choose_nifti,
    fixed_nifti,
    notes_on_choice,
)
from inference.study.nifti_series import find_nifti_study
from inference.study.sources import AnySource, DicomFiles, NiftiFiles, open_sources
from model_zoo.registry import ALL_MODELS, contract
from model_zoo.segmenter import Segmenter
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import Provenance


@dataclass(frozen=True)
class Loaded:
    """A model, its name, and where its weights came from."""

    name: str
    model: Segmenter
    origin: Provenance


def run(options: argparse.Namespace) -> None:
    """Segment every case that the options name.

    Raises:
        InputError: for a case that cannot be read.
        WeightsError: if weights are missing.
    """
    names = ALL_MODELS if options.model == ALL else (options.model,)
    reports = []
    with open_sources(options.case, channels=options.channels) as found:
        models: Iterable[Loaded] = []
        for source in found:
            start = time.perf_counter()
            opened = _open(source, options, names)
            formats = _formats(options, source)
            check_formats(formats, opened)
            keeps = _needs_images(options, source)
            opened = opened if keeps else opened.without_images()
            read_seconds = time.perf_counter() - start
            read = prepare(opened.case)
            if not options.save_prepared and not keeps:
                opened = opened.without_voxels()
            trim_heap()
            # Of one case a model is let go before the next is loaded: each takes some 100 MB.
            models = models or _load(names, options.precision)
            models = models if len(found) == 1 else list(models)
            segmentations = segment_with(models, opened.case, read)
            folder = _folder(options, opened, len(found))
            report = _finish(opened, segmentations, options, folder, formats, read_seconds)
            reports.append(report)
    if options.json:
        text = json.dumps(reports[0] if len(reports) == 1 else reports, indent=2) + "\n"
        write_whole(options.json, lambda file: file.write_text(text, encoding="utf-8"))


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


def _open(source: AnySource, options: argparse.Namespace, names: tuple[str, ...]) -> OpenedCase:
    # A network that has learned from whole heads is shown them.
    heads = all(contract(name).with_skull for name in names) and options.prepare == "auto"
    how = PreparationOptions(
        prepare="never" if heads else options.prepare,
        find_brain=brain_finder,
        brain_mask=options.brain_mask,
    )
    if isinstance(source, DicomFiles):
        exam = read_dicom_examination(source.paths, study=options.study, series=options.series)
        return prepared(exam, how)
    files, notes = _files_of(source, options.series)
    opened = _open_files(replace(files, truth_convention=options.truth_labels), options, how)
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


def _folder(options: argparse.Namespace, opened: OpenedCase, cases: int) -> Path | None:
    if not options.output:
        return None
    return options.output / opened.case.name if cases > 1 else options.output


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
    formats: Sequence[str],
    read_seconds: float,
) -> dict:
    """Write and print what was found; the report is of the first grid that was asked for."""
    reports = []
    notes: tuple[str, ...] = ()
    estimated = [name for name, each in segmentations.items() if each.core_is_estimated]
    first = None
    for answer, inside in _answers(opened, segmentations, options.onto):
        found = dict(answer.segmentations)
        report = case_report(answer.case, found, read_seconds=read_seconds)
        report["preparation"] = opened.preparation.report() if opened.preparation else None
        report = with_known_numbers(report, answer.case, found)
        reports.append(report)
        first = first or answer
        if folder:
            write_answer(
                answer,
                folder / inside,
                formats=formats,
                without_identifiers=options.without_identifiers,
                read_seconds=read_seconds,
            )
            notes = tuple(left_out(first, formats))
    if folder and options.save_prepared and opened.preparation:
        write_prepared(opened.case, folder)
    if first:
        case = replace(first.case, notes=(*first.case.notes, *notes))
        print_report(case, reports[0], estimated)
    return reports[0]


def _answers(
    opened: OpenedCase, segmentations: Mapping[str, Segmentation], onto: str | None
) -> Iterable[tuple[Answer, str]]:
    """The answer on each grid that was asked for, and the folder inside the output for it."""
    if onto == ALL and opened.sequences:
        for modality in opened.sequences:
            yield answer_on(opened, segmentations, modality), modality
        return
    yield answer_on(opened, segmentations, None if onto == ALL else onto), ""
