"""``appearance``: measure how the modalities look beside each other."""

import argparse
import json
from pathlib import Path

from training.commands.shared import Commands, add_data, report_results


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
    from training.experiments.appearance import (
        HELD_BACK,
        count_found,
        fit_table,
        format_appearance,
        measure_split,
    )

    train, *held_back = (measure_split(options.data, split) for split in ("train", "val", "test"))
    patients = len({patient.patient for patient in train})
    if options.table:
        _write(options.table, {"patients": patients, "measures": fit_table(train)})
    others = [patient for split in held_back for patient in split]
    results = {
        "command": "python -m training appearance --data DIR",
        "patients": {
            "train": patients,
            HELD_BACK: len({patient.patient for patient in others}),
        },
        "train": count_found(train, train),
        HELD_BACK: count_found(train, others),
    }
    report_results(results, options.results, format_appearance)


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
