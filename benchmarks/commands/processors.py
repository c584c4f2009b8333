"""``processors``: the answers and times that other processors would give."""

import argparse
from pathlib import Path

from benchmarks.commands.shared import add_figures
from common.errors import InputError
from training.commands.shared import Commands, add_models, models_named, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("processors", help="answers and times on other processors")
    parser.add_argument("--case", type=Path, nargs="+", default=[], help="folders of cases")
    parser.add_argument("--data", type=Path, help="data set: also its validation patients")
    add_models(parser)
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe.

    Raises:
        InputError: where neither a case nor a data set is given.
    """
    from benchmarks.processors import format_processors, measure_processors

    cases = [*options.case, *_validation_patients(options.data)]
    if not cases:
        raise InputError("Give what the processors shall answer: --case, --data or both.")
    results = measure_processors(cases, models_named(options.model))
    report_results(results, options.json, format_processors)


def _validation_patients(data: Path | None) -> list[Path]:
    if data is None:
        return []
    from training.data.patients import split_cases

    return [data / name for name in split_cases(data, "val")]
