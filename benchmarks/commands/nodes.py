"""``nodes``: visitors whom one and two machines of a cluster answer."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.commands.shared import add_figures, positive
from model_zoo.registry import registry
from training.commands.shared import Commands, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("nodes", help="time visitors whom one and two nodes answer")
    parser.add_argument(
        "--case", type=Path, required=True, help="folder, 4D NIfTI or zip of a case"
    )
    parser.add_argument("--model", choices=registry(), default="unet")
    parser.add_argument("--visitors", type=positive, default=16, help="how many at once")
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.scale.nodes import measure_nodes

    results = measure_nodes(options.case, options.model, visitors=options.visitors)
    report_results(results, options.json, _format)


def _format(results: dict[str, Any]) -> str:
    lines = []
    for each in results["counts"]:
        waits = f"{each['answer_s']['median']:.1f} s, at most {each['answer_s']['max']:.1f} s"
        lines.append(
            f"{each['nodes']} nodes: {each['cases_per_minute']:.1f} a minute, after {waits}"
        )
    return "\n".join([*lines, f"{results['ratio']:.2f} times as many"])
