"""``ablate``: train with parts of the recipe changed."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_data, add_json, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    what = "train with parts of the recipe changed, compare"
    parser = commands.add_parser("ablate", help=what)
    parser.add_argument("folder", type=Path, help="such as training/ablations")
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.experiments.ablation import ablate, format_ablation

    results = ablate(options.folder, options.data)
    report_results(results, options.json, format_ablation)
