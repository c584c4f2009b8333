"""``app``: what a visitor waits for, in a browser beside the server."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.commands.shared import add_figures, add_repeats
from training.commands.shared import Commands, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("app", help="time what a visitor waits for, in a browser")
    add_repeats(parser, 3, "how many servers are started")
    parser.add_argument(
        "--study", type=Path, help="folder of a DICOM study to drop, not the sample"
    )
    add_figures(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.app import measure_app

    results = measure_app(repeats=options.repeats, study=options.study)
    report_results(results, options.json, _format)


def _format(results: dict[str, Any]) -> str:
    from benchmarks.app import MEMORY, SECOND, SENT, TIMES

    lines = [f"{results['machine']}, {results['repeats']} servers"]
    all_words = {"seconds": TIMES | SECOND, "rss_mb": MEMORY, "sent_mb": SENT}
    for (kind, words), unit in zip(all_words.items(), ("s", "MB", "MB"), strict=True):
        for what, found in results[kind].items():
            ends = f"{found['min']:.1f} to {found['max']:.1f}"
            lines.append(f"  {found['median']:.1f} {unit} ({ends}) {words[what]}")
    return "\n".join(lines)
