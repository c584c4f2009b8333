"""``leak``: train with and without a leak."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_data, add_json, report_results, with_config


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    what = "train with and without a leak, measure the inflation"
    parser = commands.add_parser("leak", help=what)
    parser.add_argument("config", type=Path, help="such as training/configs/leak.toml")
    add_data(parser)
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.config import read_config
    from training.experiments.leak import format_leak, measure_leak

    results = measure_leak(read_config(options.config), options.data)
    report_results(with_config(results, options.config), options.json, format_leak)
