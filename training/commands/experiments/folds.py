"""What trains for each fold: ``cross-validate``, ``learning-curve``, ``consensus``, ``drawing``."""

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
        "--against",
        type=Path,
        help="another configuration, or its scores as --json wrote them; prints the difference",
    )
    parser.add_argument(
        "--thick", type=float, metavar="MM", help="score in slices of so many mm, interpolated back"
    )
    parser.add_argument(
        "--enhancement",
        type=_share,
        metavar="SHARE",
        help="score with such a share of the tumour's enhancement left, from 0 to 1",
    )
    parser.add_argument(
        "--precision",
        choices=["float", "int8"],
        default="float",
        help="score the networks as they were trained, or their int8 form",
    )
    parser.add_argument(
        "--train-fold",
        type=int,
        metavar="K",
        help="train the network of one fold, from 1, and keep it; nobody is scored",
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
    parser = _add(
        commands, "consensus", _consensus, "score several networks together, none of which had seen"
    )
    parser.add_argument("others", nargs="+", type=Path, help="configurations of the other networks")
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


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no share; give 0 to 1")
    return share


def _cross_validate(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.data.patients import SPLITS
    from training.experiments.cross_validation import cross_validate, train_fold
    from training.experiments.paired_recipes import compare_recipes, format_difference, read_scores
    from training.scoring.evaluate import format_details, format_results

    def scores(config: Path) -> dict:
        found = cross_validate(
            read_config(config),
            options.data,
            folds=options.folds,
            splits=splits,
            thick=options.thick,
            enhancement=options.enhancement,
            int8=options.precision == "int8",
        )
        return with_config(found, config)

    splits = tuple(options.split or SPLITS)
    if options.train_fold is not None:
        config = read_config(options.config)
        train_fold(config, options.data, options.train_fold, folds=options.folds, splits=splits)
        return
    scored_by = {
        "folds": options.folds,
        "splits": list(splits),
        "slices_mm": options.thick,
        "enhancement": options.enhancement,
    }
    against, base = options.against, None
    tables = [format_results, format_details]
    if against is not None:  # first: a file that does not fit is known before hours of training
        tables.append(format_difference)
        is_config = against.suffix == ".toml"
        base = scores(against) if is_config else read_scores(against, **scored_by)
    results = scores(options.config)
    if base is not None:
        results = compare_recipes(results, base, against)
    report_results(results, options.json, *tables)


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


def _consensus(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.data.patients import SPLITS
    from training.experiments.consensus import compare_consensus, format_consensus

    files = [options.config, *options.others]
    results = compare_consensus(
        [read_config(file) for file in files],
        options.data,
        folds=options.folds,
        splits=tuple(options.split or SPLITS),
    )
    named = " ".join(file.as_posix() for file in files)
    results |= {"command": results["command"].replace("CONFIGS", named)}
    report_results(results, options.json, format_consensus)


def _drawing(options: argparse.Namespace) -> None:
    from training.config import read_config
    from training.experiments.drawing import compare_drawing, format_drawing

    results = compare_drawing(read_config(options.config), options.data, folds=options.folds)
    report_results(with_config(results, options.config), options.json, format_drawing)
