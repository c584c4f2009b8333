"""``train``: train a model to the end of its schedule."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_data


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("train", help="train a model to the end of its schedule")
    parser.add_argument("config", type=Path, help="such as training/configs/unet.toml")
    add_data(parser)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint")
    parser.add_argument(
        "--bank", type=Path, help="folder in which slices are kept for this training and others"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.config import read_config
    from training.run.train import train

    train(read_config(options.config), options.data, resume=options.resume, kept=options.bank)
