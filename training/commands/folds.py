"""``cross-validate`` and ``drawing``: what trains anew for each fold of the patients."""

import argparse
from collections.abc import Callable
from pathlib import Path

from training.commands.shared import Commands, add_data, add_json, report_results, with_config


def add_to(commands: Commands) -> None:
    """Add both commands to those of ``python -m training``."""
    _add(commands, "cross-validate", _cross_validate, "score each patient by who never saw it")
    _add(commands, "drawing", _drawing, "compare ways of drawing on patients not seen")


def _add(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], None], what: str
) -> None:
    parser = commands.add_parser(name, help=what)
    parser.add_argument("config", type=Path, help="such as training/configs/drawing.toml")
    add_data(parser)
    parser.add_argument("--folds", type=int, default=5)
    add_json(parser)
    parser.set_defaults(run=run)


def _cross_validate(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.cross_validation import cross_validate
    from training.scoring.evaluate import format_details, format_results

    results = cross_validate(read_config(options.config), options.data, folds=options.folds)
    results = with_config(results, options.config)
    report_results(results, options.json, format_results, format_details)


def _drawing(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.drawing import compare_drawing, format_drawing

    results = compare_drawing(read_config(options.config), options.data, folds=options.folds)
    report_results(with_config(results, options.config), options.json, format_drawing)
