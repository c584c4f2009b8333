"""``template``: the mean brain that hospital scans are laid on."""

import argparse
from pathlib import Path

from training.commands.shared import Commands, add_data


def add_to(commands: Commands) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("template", help="make the mean brain of the training patients")
    add_data(parser)
    parser.add_argument(
        "--output", type=Path, help="file, if not assets/template/mean_brain.nii.gz"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Make the mean brain and write it."""
    from inference.preparation.template import TEMPLATE
    from training.template.mean_brain import write_template

    write_template(options.data, options.output or TEMPLATE)
