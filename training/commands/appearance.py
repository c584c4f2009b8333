"""``appearance``: measure how the modalities look beside each other."""

import argparse
import json
from pathlib import Path

from training.commands.shared import Commands, add_data


def add_to(commands: Commands) -> None:
    """Declare the command and its options."""
    what = "measure how the modalities look beside each other, and how well a mistaken one is found"
    parser = commands.add_parser("appearance", help=what)
    add_data(parser)
    parser.add_argument("--table", type=Path, help="where to write what inference goes by")
    parser.add_argument(
        "--results", type=Path, help="where to write how well mistaken ones are found"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Measure the images of both splits and write what was asked for."""
    from training.experiments.appearance import count_found, fit_table, measure_split

    train, val = (measure_split(options.data, split) for split in ("train", "val"))
    if options.table:
        patients = len({patient.patient for patient in train})
        _write(options.table, {"patients": patients, "measures": fit_table(train)})
    if options.results:
        _write(
            options.results, {"train": count_found(train, train), "val": count_found(train, val)}
        )


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
