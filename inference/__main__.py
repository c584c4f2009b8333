"""Segment cases from the command line: ``python -m inference CASE --model all --output DIR``."""

import argparse
import json
import math
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from common.vocabulary import MODALITIES
from inference.analysis.caveats import core_remark
from inference.case import Case
from inference.case_report import case_report
from inference.command_line import OneLineParser, run_command, writable_file
from inference.io.case_files import open_cases
from inference.io.case_reader import read_case
from inference.io.export import (
    write_label_picture,
    write_label_pictures,
    write_labels,
    write_whole,
)
from inference.io.label_conventions import CONVENTIONS
from inference.metrics import region_volumes
from inference.network.engine import ready_for_inference, segment
from inference.network.preprocess import prepare
from inference.network.segmentation import Segmentation, consensus
from model_zoo.registry import ALL_MODELS, registry
from model_zoo.segmenter import Segmenter
from model_zoo.weights.folder import INT8, PRECISION_HELP, PRECISIONS
from model_zoo.weights.loading import load_model
from model_zoo.weights.provenance import Provenance

Loaded = dict[str, tuple[Segmenter, Provenance]]


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    options = _parser().parse_args(arguments)
    return run_command(lambda: _run(options))


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m inference", description=__doc__)
    parser.add_argument(
        "case",
        nargs="+",
        type=Path,
        help="folder in any BraTS naming, loose files, one 4D NIfTI, the pictures (PNG, JPEG, "
        "TIFF) or the .npy of one slice, numbered pictures of all slices, or a zip of these",
    )
    parser.add_argument("--model", choices=[*registry(), "all"], default="all")
    parser.add_argument("--output", type=Path, help="folder for the label maps")
    parser.add_argument("--json", type=writable_file, help="file for the numbers")
    parser.add_argument("--precision", choices=PRECISIONS, default=INT8, help=PRECISION_HELP)
    parser.add_argument(
        "--channels",
        type=_channels,
        metavar="ORDER",
        help="order of the volumes of a 4D NIfTI or .npy, such as flair,t1,t1c,t2 (default: "
        "t1,t1c,t2,flair), or of the colours of pictures (default: t1,flair,t1c); of slices in "
        "grey the one modality",
    )
    parser.add_argument(
        "--resample",
        action="store_true",
        help="resample files on other grids onto the truth's, else the T1c's, else the first's",
    )
    parser.add_argument(
        "--register",
        action="store_true",
        help="resample, and align the images by what they show (a shift and a turn) to the T1c, "
        "else the first, of those on the grid of the truth if there is one",
    )
    parser.add_argument(
        "--truth-labels",
        choices=list(CONVENTIONS),
        help="what the numbers of the truth mean, where they are ambiguous",
    )
    return parser


def _channels(text: str) -> tuple[str, ...]:
    channels = tuple(text.lower().split(","))
    if not set(channels) <= set(MODALITIES) or len(set(channels)) != len(channels):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no order of volumes; write some of {','.join(MODALITIES)}, each once"
        )
    return channels


def _run(options: argparse.Namespace) -> None:
    names = ALL_MODELS if options.model == "all" else (options.model,)
    reports = []
    with open_cases(options.case, channels=options.channels) as found:
        models: Loaded = {}
        for files in found:
            start = time.perf_counter()
            files = replace(files, truth_convention=options.truth_labels)
            case = read_case(files, resampled=options.resample, aligned=options.register)
            read_seconds = time.perf_counter() - start
            models = models or _load(names, options.precision)
            segmentations = segment_with(models, case)
            report = case_report(case, segmentations, read_seconds=read_seconds)
            reports.append(_only_what_is_known(report, case, segmentations))
            _print_report(case, reports[-1], segmentations)
            if options.output:
                folder = options.output / case.name if len(found) > 1 else options.output
                _write(case, segmentations, folder)
    if options.json:
        text = json.dumps(reports[0] if len(reports) == 1 else reports, indent=2) + "\n"
        write_whole(options.json, lambda file: file.write_text(text, encoding="utf-8"))


def segment_with(models: Loaded, case: Case) -> dict[str, Segmentation]:
    """Segment a case with every model, and join several in a consensus."""
    prepared = prepare(case)
    segmentations = {
        name: segment(case, model, name=name, prepared=prepared, weights=weights)
        for name, (model, weights) in models.items()
    }
    if len(segmentations) > 1:
        segmentations["consensus"] = consensus(list(segmentations.values()))
    return segmentations


def _load(names: Iterable[str], precision: str) -> Loaded:
    loaded = {name: load_model(name, precision=precision) for name in names}
    for name, (_, origin) in loaded.items():
        if origin.note:
            print(f"{name}: {origin.note}")
    return {name: (ready_for_inference(model), origin) for name, (model, origin) in loaded.items()}


def _write(case: Case, segmentations: dict[str, Segmentation], folder: Path) -> None:
    for name, segmentation in segmentations.items():
        if case.voxel_size_known:
            write_labels(case, segmentation.labels, folder / f"{name}.nii.gz")
        elif case.slice_names:
            write_label_pictures(case, segmentation.labels, folder / name)
        else:
            write_label_picture(case, segmentation.labels, folder / f"{name}.png")


def _only_what_is_known(report: dict, case: Case, segmentations: dict[str, Segmentation]) -> dict:
    """No millilitres where a pixel has no size, nothing of what model or truth do not answer."""
    for name, result in report["models"].items():
        result["dice"] = _or_null(case.scored(result["dice"]))
        if case.voxel_size_known:
            result["volume_ml"] = _or_null(result["volume_ml"])
        else:
            pixels = region_volumes(segmentations[name].labels, 1)
            answered = segmentations[name].regions
            result["volume_ml"] = None
            result["pixels"] = {r: n if r in answered else None for r, n in pixels.items()}
    return report


def _or_null(values: dict[str, float] | None) -> dict[str, float | None] | None:
    """JSON knows no number that is none."""
    if values is None:
        return None
    return {name: None if math.isnan(value) else value for name, value in values.items()}


def _print_report(case: Case, report: dict, segmentations: dict[str, Segmentation]) -> None:
    print(case.name)
    estimated = [name for name, each in segmentations.items() if each.core_is_estimated]
    for note in (*case.notes, core_remark(estimated)):
        if note:
            print(f"  note: {note}")
    for name, result in report["models"].items():
        print(f"  {name:<12} {_sizes(result)}   Dice {_scores(result)}   {_seconds(result)}")


def _sizes(result: dict) -> str:
    sizes, unit = (
        (result["volume_ml"], "ml") if result["volume_ml"] else (result["pixels"], "pixels")
    )
    decimals = 1 if unit == "ml" else 0
    known = {region: size for region, size in sizes.items() if size is not None}
    return " ".join(
        f"{region.upper()} {size:.{decimals}f} {unit}" for region, size in known.items()
    )


def _scores(result: dict) -> str:
    known = {r: dice for r, dice in (result["dice"] or {}).items() if dice is not None}
    return " ".join(f"{region.upper()} {dice:.2f}" for region, dice in known.items()) or "no truth"


def _seconds(result: dict) -> str:
    return f"{result['seconds']['total']:.2f} s"


if __name__ == "__main__":
    sys.exit(main())
