"""``verdict``: choose the area above which a single slice is called tumour."""

import argparse

from common.vocabulary import MODALITIES
from inference.cli.one_line import writable_file
from training.commands.shared import Commands, add_data, add_models, models_named, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser(
        "verdict", help="choose the area above which a slice is called tumour"
    )
    add_data(parser)
    parser.add_argument("--split", default="val", help="where thresholds are chosen")
    parser.add_argument("--check", default="test", help="where they are read once")
    add_models(parser)
    parser.add_argument("--show", nargs="+", choices=MODALITIES, default=MODALITIES)
    parser.add_argument("--json", type=writable_file, help="file; what else it holds stays")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.scoring.verdict import (
        format_verdicts,
        measure_verdicts,
        verdicts_in,
        with_others,
    )

    earlier = verdicts_in(options.json)  # first: what cannot be joined is reported before the work
    results = measure_verdicts(
        options.data,
        options.split,
        options.check,
        models_named(options.model),
        show=tuple(options.show),
    )
    report_results(with_others(results, earlier), options.json, format_verdicts)
