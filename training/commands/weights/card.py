"""``card``: write the model card of trained weights anew."""

import argparse

from training.commands.shared import Commands, add_models, models_named


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("card", help="write the model card of trained weights anew")
    add_models(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from model_zoo.weights.provenance import EMBEDDED
    from training.cards.card import write_card

    for name in models_named(options.model):
        print(write_card(EMBEDDED / name, name))
