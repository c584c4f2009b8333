"""``cross-validate``, ``learning-curve``, ``drawing``: what trains anew for each fold."""

import argparse
from collections.abc import Callable
from pathlib import Path

from training.commands.shared import Commands, add_data, add_json, report_results, with_config


def add_to(commands: Commands) -> None:
    """Add the commands to those of ``python -m training``."""
    parser = _add(
        commands, "cross-validate", _cross_validate, "score each patient by who never saw it"
    )
    parser.add_argument(
        "--split", nargs="+", metavar="SPLIT", help="whose patients are scored; all by default"
    )
    parser.add_argument(
        "--against", type=Path, help="another configuration, to take the paired difference from"
    )
    parser.add_argument(
        "--thick", type=float, metavar="MM", help="score in slices of so many mm, interpolated back"
    )
    parser = _add(
        commands, "learning-curve", _learning_curve, "score recipes of more and more patients"
    )
    parser.add_argument(
        "--patients",
        nargs="+",
        type=int,
        required=True,
        metavar="N",
        help="how many each learns from",
    )
    parser.add_argument(
        "--split", nargs="+", metavar="SPLIT", help="whose patients are scored; all by default"
    )
    _add(commands, "drawing", _drawing, "compare ways of drawing on patients not seen")


def _add(
    commands: Commands, name: str, run: Callable[[argparse.Namespace], None], what: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=what)
    parser.add_argument("config", type=Path, help="such as training/configs/drawing.toml")
    add_data(parser)
    parser.add_argument("--folds", type=int, default=5)
    add_json(parser)
    parser.set_defaults(run=run)
    return parser


def _cross_validate(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.data.patients import SPLITS
    from training.experiments.cross_validation import cross_validate
    from training.experiments.paired_recipes import compare_recipes, format_difference
    from training.scoring.evaluate import format_details, format_results

    config = read_config(options.config)
    how = {
        "folds": options.folds,
        "splits": tuple(options.split or SPLITS),
        "thick": options.thick,
    }
    tables = [format_results, format_details]
    if options.against is None:
        results = cross_validate(config, options.data, **how)
    else:
        results = compare_recipes(config, read_config(options.against), options.data, **how)
        command = results["command"].replace("OTHER", options.against.as_posix())
        results = results | {"command": command}
        tables.append(format_difference)
    report_results(with_config(results, options.config), options.json, *tables)


def _learning_curve(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.data.patients import SPLITS
    from training.experiments.learning_curve import format_curve, learning_curve

    results = learning_curve(
        read_config(options.config),
        options.data,
        sorted(options.patients),
        folds=options.folds,
        splits=tuple(options.split or SPLITS),
    )
    report_results(with_config(results, options.config), options.json, format_curve)


def _drawing(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.drawing import compare_drawing, format_drawing

    results = compare_drawing(read_config(options.config), options.data, folds=options.folds)
    report_results(with_config(results, options.config), options.json, format_drawing)
