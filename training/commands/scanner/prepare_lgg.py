"""``prepare-lgg``: LGG heads, masked, for networks of BraTS to learn the whole tumour from."""

import argparse
from pathlib import Path

from training.commands.shared import Commands


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser(
        "prepare-lgg", help="mask LGG heads, for a BraTS network to learn the whole tumour from"
    )
    parser.add_argument("--lgg", type=Path, required=True, help="the LGG set")
    parser.add_argument(
        "--allowed",
        type=Path,
        required=True,
        help="table of its patients (columns patient, lgg_split, may_train_brats, why) that says "
        "who may train a network of BraTS",
    )
    parser.add_argument(
        "--output", type=Path, required=True, help="folder for the heads; not in the repository"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.hospital.lgg_training import prepare_heads

    count = prepare_heads(options.lgg, options.allowed, options.output)
    print(f"{count} heads in {options.output}")
