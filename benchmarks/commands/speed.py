"""``speed``: the seconds and the memory of each model on a case, against the plain way."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.commands.shared import add_figures, add_repeats
from model_zoo.weights.folder import AUTO, PRECISION_HELP, PRECISIONS
from training.commands.shared import Commands, add_models, models_named, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("speed", help="time models on a case, against the plain way")
    parser.add_argument(
        "--case", type=Path, required=True, help="folder, 4D NIfTI or zip of a case"
    )
    add_models(parser)
    add_repeats(parser, 5, "how often each is timed")
    parser.add_argument("--precision", choices=PRECISIONS, default=AUTO, help=PRECISION_HELP)
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.speed import measure_speed

    results = measure_speed(
        options.case,
        models_named(options.model),
        repeats=options.repeats,
        precision=options.precision,
    )
    report_results(results, options.json, _format)


def _format(results: dict[str, Any]) -> str:
    features = " ".join(results["features"]) or "of unknown features"
    head = (
        f"{results['case']} {results['shape']}, {results['machine']} ({features}), "
        f"{results['arithmetic']}"
    )
    return "\n".join([head, *(_line(*each) for each in results["models"].items())])


def _line(name: str, found: dict[str, Any]) -> str:
    total = found["seconds"]["total"]
    return (
        f"  {name:<12} {total['median']:.2f} s ({total['min']:.2f} to {total['max']:.2f}), "
        f"plain {found['plain_seconds']:.2f} s, {found['ratio_to_plain']:.1f} times as fast, "
        f"at least {found['floor_seconds']:.2f} s (predicting is at "
        f"{found['arithmetic_limit']['share']:.0%} of the rate of matrix products), "
        f"peak {found['peak_rss_mb']} MB"
    )
