"""The command line of the benchmarks, a command a file; what takes long to import waits."""

import argparse

from benchmarks.commands import (
    app,
    cohort,
    growth,
    headers,
    large,
    nodes,
    processors,
    speed,
    study,
)
from inference.cli.one_line import OneLineParser

_COMMANDS = (speed, app, cohort, large, growth, nodes, processors, headers, study)


def make_parser(description: str | None = None) -> argparse.ArgumentParser:
    """The parser of every command; what it finds has a ``run`` that takes it."""
    parser = OneLineParser(prog="python -m benchmarks", description=description)
    commands = parser.add_subparsers(required=True)
    for command in _COMMANDS:
        command.add_to(commands)
    return parser
