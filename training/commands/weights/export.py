"""``export``: write a model as ONNX, beside its weights."""

import argparse
from pathlib import Path

from common.errors import InputError
from inference.cli.one_line import writable_file
from model_zoo.registry import every_model
from training.commands.shared import Commands, not_installed, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("export", help="write a model as ONNX, beside its weights")
    parser.add_argument("--model", choices=list(every_model()), required=True)
    parser.add_argument("--output", type=Path, help="another file than assets/weights/NAME")
    parser.add_argument("--measure", action="store_true", help="hold it against PyTorch")
    parser.add_argument("--json", type=writable_file, help="file for what --measure finds")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from model_zoo.weights.loading import load_network
    from model_zoo.weights.provenance import EMBEDDED

    if options.json and not options.measure:
        raise InputError("--json is for what --measure finds; give --measure too.")
    try:
        from training.release.onnx_export import ONNX_FILE, export_onnx
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    model, origin = load_network(options.model, folder=EMBEDDED / options.model)
    file = options.output or EMBEDDED / options.model / ONNX_FILE
    print(f"{file}: {export_onnx(model, origin, file):,} bytes")
    if options.measure:
        from training.release.onnx_measure import format_measured, measure

        measured = measure(options.model, model, file, weights=origin.sha256)
        report_results(measured, options.json, format_measured)
