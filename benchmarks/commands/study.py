"""``study``: time and memory of each step from the scanner's files to the answer."""

import argparse

from benchmarks.commands.shared import add_figures, add_repeats, add_study
from training.commands.shared import Commands, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("study", help="time and memory of each step of a study")
    add_study(parser)
    add_repeats(parser, 2, "how many processes do it")
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.study import format_study, measure_study

    results = measure_study(options.study, repeats=options.repeats)
    report_results(results, options.json, format_study)
