"""``pictures``: draw the best and worst cases with errors."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_models, models_named


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("pictures", help="draw the best and worst cases with errors")
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder with cases.csv")
    source.add_argument("--synthetic", action="store_true", help="synthetic cases, not patients")
    parser.add_argument("--split", default="test", help="train, val or test")
    add_models(parser)
    parser.add_argument("--output", type=Path, required=True, help="folder for the pictures")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.cards.pictures import picture_patients, picture_synthetic

    names = models_named(options.model)
    if options.synthetic:
        picture_synthetic(options.output, names)
    else:
        picture_patients(options.data, options.split, options.output, names)
    print(options.output)
