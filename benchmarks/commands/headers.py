"""``headers``: how soon a large study is sorted, before its first pixel is read."""

import argparse

from benchmarks.commands.shared import add_figures, add_repeats, add_study, positive
from training.commands.shared import Commands, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("headers", help="time a large study before its first pixel")
    add_study(parser)
    parser.add_argument("--files", type=positive, default=1500, help="how many are read")
    add_repeats(parser, 3, "how often each is timed")
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.headers import format_headers, measure_headers

    results = measure_headers(options.study, files=options.files, repeats=options.repeats)
    report_results(results, options.json, format_headers)
