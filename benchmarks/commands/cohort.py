"""``cohort``: many cases, read and predicted at the same time and in turn."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.commands.shared import add_figures, positive
from training.commands.shared import Commands, add_models, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("cohort", help="time many cases, overlapped and in turn")
    parser.add_argument("case", nargs="+", type=Path, help="two or more cases")
    add_models(parser)
    parser.add_argument("--rounds", type=positive, default=3, help="how often each way is run")
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.scale.cohort import measure_cohort

    results = measure_cohort(options.case, options.model, rounds=options.rounds)
    report_results(results, options.json, _format)


def _format(results: dict[str, Any]) -> str:
    from benchmarks.scale.cohort import IN_TURN, OVERLAPPED

    lines = []
    for way in (IN_TURN, OVERLAPPED):
        times = " ".join(f"{seconds:.1f}" for seconds in results[way]["seconds"])
        lines.append(f"{way:<10} {times} s, peak {results[way]['peak_rss_mb']:.0f} MB")
    return "\n".join([*lines, f"in turn / overlapped {results['ratio']:.2f}"])
