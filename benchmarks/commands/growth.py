"""``growth``: time and memory against slices, models, visitors at once and cases in a row."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.commands.shared import add_figures, positive
from inference.cli.one_line import writable_file
from training.commands.shared import Commands, add_models, models_named


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m benchmarks``."""
    parser = commands.add_parser("growth", help="time and memory by slices, visitors and cases")
    parser.add_argument("--case", type=Path, required=True, help="folder of a case")
    add_models(parser)
    parser.add_argument("--slices", type=positive, nargs="+", help="numbers of slices, rising")
    parser.add_argument("--visitors", type=positive, nargs="+", help="how many at once, rising")
    parser.add_argument("--row", type=positive, help="cases in a row (50)")
    add_figures(parser)
    parser.add_argument("--plot", type=writable_file, help="picture of them, such as growth.webp")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from benchmarks.scale.growth import measure_growth
    from benchmarks.scale.growth_plot import write_plot
    from benchmarks.scale.growth_text import format_growth
    from training.results import write_json

    def keep(results: dict[str, Any]) -> None:
        if options.json:
            write_json(results, options.json)

    results = measure_growth(options.case, models_named(options.model), _sizes(options), keep=keep)
    if options.plot:
        write_plot(results, options.plot)
    print(format_growth(results))


def _sizes(options: argparse.Namespace) -> Any:
    from benchmarks.scale.growth import Sizes

    lists = {name: getattr(options, name) for name in ("slices", "visitors")}
    given: dict[str, Any] = {name: tuple(each) for name, each in lists.items() if each}
    return Sizes(**given, **({"row": options.row} if options.row else {}))
