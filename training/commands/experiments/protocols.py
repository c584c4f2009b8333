"""``protocols``: score the same predictions in other ways."""

import argparse

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
    parser = commands.add_parser("protocols", help="score the same predictions in other ways")
    add_data(parser)
    parser.add_argument("--split", default="test", help="train, val or test")
    add_models(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.scoring.protocols import compare_protocols, format_protocols

    results = compare_protocols(options.data, options.split, models_named(options.model))
    report_results(results, options.json, format_protocols)
