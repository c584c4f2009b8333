"""The command line, a command a file. What takes long to import waits until a command runs."""

import argparse

from inference.command_line import OneLineParser
from training.commands import (
    ablate,
    brain_mask,
    card,
    evaluate,
    export,
    folds,
    leak,
    pictures,
    protocols,
    publish,
    quantise,
    train,
    verdict,
)

_COMMANDS = (
    train,
    evaluate,
    protocols,
    verdict,
    leak,
    ablate,
    folds,
    card,
    pictures,
    publish,
    export,
    quantise,
    brain_mask,
)


def make_parser(description: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command; what it finds has a ``run`` that takes it."""
    parser = OneLineParser(prog="python -m training", description=description)
    commands = parser.add_subparsers(required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
