"""What the commands share: arguments of one name and meaning, and how results are reported."""

import argparse
from collections.abc import Callable
from pathlib import Path

from common.errors import InputError
from inference.cli.one_line import writable_file
from model_zoo.registry import ALL_MODELS, registry

# What ``add_subparsers`` gives; argparse has no public name for it.
Commands = argparse._SubParsersAction


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add ``--data``, the folder of the patients and their table."""
    parser.add_argument("--data", type=Path, required=True, help="folder with cases.csv")


def add_models(parser: argparse.ArgumentParser) -> None:
    """Add ``--model``, a name of the registry or all; :func:`models_named` reads it."""
    parser.add_argument("--model", choices=[*registry(), "all"], default="all")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add ``--json``, a file that is checked to be writable before any work."""
    parser.add_argument("--json", type=writable_file, help="file for the scores")


def models_named(model: str) -> tuple[str, ...]:
    """The models that ``--model`` means."""
    return ALL_MODELS if model == "all" else (model,)


def report_results(results: dict, file: Path | None, *tables: Callable[[dict], str]) -> None:
    """Write results if a file is named, and print tables of them."""
    from training.results import write_json

    if file:  # first: what took long to compute is kept even if nobody reads the table
        write_json(results, file)
    print("\n\n".join(table(results) for table in tables))


def with_config(results: dict, config: Path) -> dict:
    """The same results, whose command names the configuration they were made by."""
    return results | {"command": results["command"].replace("CONFIG", config.as_posix())}


def not_installed(error: ModuleNotFoundError) -> InputError:
    """The error of a command whose package only developers have."""
    return InputError(f"{error.name} is not installed; `make setup-dev` brings it.")
