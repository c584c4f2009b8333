"""``hospital``: what the way from a hospital scan to a label map costs, step by step."""

import argparse

from training.commands.shared import Commands, add_data, add_json, report_results


def add_to(commands: Commands) -> None:
    """Add the command to those of ``python -m training``."""
    parser = commands.add_parser(
        "hospital", help="scan patients again as a hospital might, and measure what each step costs"
    )
    add_data(parser)
    parser.add_argument("--split", default="val", help="train, val (default) or test")
    parser.add_argument(
        "--geometry-alone", action="store_true", help="the truth there and back, without a network"
    )
    add_json(parser)
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    """Do what the command line's options describe."""
    from training.hospital.evaluate import evaluate_geometry, evaluate_hospital, format_hospital

    evaluate = evaluate_geometry if options.geometry_alone else evaluate_hospital
    results = evaluate(options.data, options.split)
    report_results(results, options.json, format_hospital)
