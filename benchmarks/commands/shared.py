"""Arguments of one name and meaning in several benchmarks."""

import argparse
from pathlib import Path

from inference.cli.one_line import writable_file


def add_repeats(parser: argparse.ArgumentParser, default: int, help: str) -> None:
    """Add ``--repeats``, at least one."""
    parser.add_argument("--repeats", type=positive, default=default, help=help)


def add_figures(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``, a file that is checked to be writable before anything is timed."""
    parser.add_argument("--json", type=writable_file, help="file for the figures")


def add_study(parser: argparse.ArgumentParser) -> None:
    """Add ``--study``, without which there is nothing to time."""
    parser.add_argument("--study", type=Path, required=True, help="folder of a DICOM study")


def positive(text: str) -> int:
    """The whole number of 1 or more that an argument holds.

    Raises:
        argparse.ArgumentTypeError: for less.
    """
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number
