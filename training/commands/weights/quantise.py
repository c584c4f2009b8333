"""``quantise``: write a model in int8, beside its weights."""

import argparse

from training.commands.shared import Commands, add_data, add_models, models_named, not_installed


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("quantise", help="write a model in int8, beside its weights")
    add_models(parser)
    add_data(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from model_zoo.weights.provenance import EMBEDDED

    try:
        from training.release.quantise import quantise
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    for name in models_named(options.model):
        print(f"{EMBEDDED / name}: {quantise(name, EMBEDDED / name, options.data):,} bytes")
