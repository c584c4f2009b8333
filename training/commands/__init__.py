"""The command line, a command a file. What takes long to import waits until a command runs."""

import argparse

from inference.cli.one_line import OneLineParser
from training.commands import evaluate, train
from training.commands.experiments import ablate, folds, leak, protocols, verdict
from training.commands.scanner import (
    appearance,
    brain_mask,
    hospital,
    hospital_lgg,
    prepare_lgg,
    template,
)
from training.commands.weights import card, export, imagenet_vgg16, pictures, publish, quantise

_COMMANDS = (
    train,
    evaluate,
    protocols,
    verdict,
    leak,
    ablate,
    appearance,
    folds,
    hospital,
    hospital_lgg,
    prepare_lgg,
    card,
    pictures,
    publish,
    export,
    quantise,
    imagenet_vgg16,
    template,
    brain_mask,
)


def make_parser(description: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command; what it finds has a ``run`` that takes it."""
    parser = OneLineParser(prog="python -m training", description=description)
    commands = parser.add_subparsers(required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
