"""``large``: time and memory of a case as large as scanners write them."""

import argparse
from pathlib import Path

from benchmarks.commands.shared import add_figures, positive
from training.commands.shared import Commands, add_models, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser(
        "large", help="time and memory of a case of 512 × 512 × 512 voxels"
    )
    parser.add_argument("--case", type=Path, help="folder of one, in place of a generated one")
    parser.add_argument("--side", type=positive, default=512, help="voxels an axis, if generated")
    add_models(parser)
    parser.add_argument("--app", action="store_true", help="drop it in the app too, in a browser")
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.large import format_large, measure_large

    results = measure_large(options.case, options.model, side=options.side, with_app=options.app)
    report_results(results, options.json, format_large)
