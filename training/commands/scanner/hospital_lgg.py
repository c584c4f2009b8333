"""``hospital-lgg``: the whole tumour of heads with the skull on, from slices to answer."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_json, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser(
        "hospital-lgg", help="score the whole tumour of LGG heads, from slices with the skull on"
    )
    parser.add_argument("--lgg", type=Path, required=True, help="the LGG set")
    parser.add_argument(
        "--persons",
        type=Path,
        required=True,
        help="table of its patients (columns patient, why) that says who is a training patient "
        "of BraTS and so is left out",
    )
    parser.add_argument("--split", default="val", help="train, val (default) or test")
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.hospital.lgg import evaluate_lgg, format_lgg

    results = evaluate_lgg(options.lgg, options.split, options.persons)
    report_results(results, options.json, format_lgg)
