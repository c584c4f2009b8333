"""``publish``: upload weights to the Hugging Face Hub."""

import argparse

from model_zoo.registry import every_model
from training.commands.shared import Commands, models_named


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser("publish", help="upload weights to the Hugging Face Hub")
    parser.add_argument("--model", choices=[*every_model(), "all"], required=True)
    parser.add_argument("--namespace", required=True, help="user or organisation on the Hub")
    parser.add_argument("--private", action="store_true", help="show them to nobody else")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from model_zoo.weights.provenance import EMBEDDED
    from training.release.publish import check_folder, how_to_use, publish

    names = models_named(options.model)
    for name in names:  # all are fit to be published, or none is
        check_folder(EMBEDDED / name, name)
    published = []
    for name in names:
        item = publish(EMBEDDED / name, name, namespace=options.namespace, private=options.private)
        print(f"{name}: {item.url} at commit {item.pin.revision}")
        published.append(item)
    print(how_to_use(published))
