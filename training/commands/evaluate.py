"""``evaluate``: score models on every patient of a split."""

import argparse

from common.errors import InputError
from common.planes import PLANES
from model_zoo.weights.folder import INT8, PRECISION_HELP, PRECISIONS
from training.commands.shared import (
    Commands,
    add_data,
    add_json,
    add_models,
    models_named,
    report_results,
)


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("evaluate", help="score models on every patient of a split")
    add_data(parser)
    parser.add_argument("--split", required=True, help="train, val or test")
    add_models(parser)
    parser.add_argument("--precision", choices=PRECISIONS, default=INT8, help=PRECISION_HELP)
    parser.add_argument(
        "--planes",
        nargs="+",
        choices=PLANES,
        default=tuple(PLANES),
        help="those a model is scored on, of those it has learned from (default: all of them)",
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.scoring.evaluate import evaluate, format_details, format_pixels, format_results
    from training.scoring.evaluation_options import EvaluationOptions

    evaluation_options = EvaluationOptions(options.precision, tuple(options.planes))
    results = evaluate(options.data, options.split, models_named(options.model), evaluation_options)
    report_results(results, options.json, format_results, format_details, format_pixels)
    if unread := results.get("unread"):
        why = " ".join(f"{name}: {sentence}" for name, sentence in unread.items())
        raise InputError(f"{len(unread)} of the split's patients could not be read. {why}")
