"""``python -m benchmarks speed --case CASE --json FILE``, ``app``, ``cohort``, ``large``, …"""

import argparse
import sys
from pathlib import Path
from typing import Any

from common.errors import InputError
from inference.cli.one_line import OneLineParser, run_command, writable_file
from model_zoo.registry import ALL_MODELS, registry
from model_zoo.weights.folder import AUTO, PRECISION_HELP, PRECISIONS


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    options = _parser().parse_args(arguments)
    return run_command(lambda: options.run(options))


def _parser() -> argparse.ArgumentParser:
    parser = OneLineParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    speed = commands.add_parser("speed", help="time models on a case, against the plain way")
    speed.add_argument("--case", type=Path, required=True, help="folder, 4D NIfTI or zip of a case")
    speed.add_argument("--model", choices=[*registry(), "all"], default="all")
    speed.add_argument("--repeats", type=_positive, default=5, help="how often each is timed")
    speed.add_argument("--precision", choices=PRECISIONS, default=AUTO, help=PRECISION_HELP)
    speed.add_argument("--json", type=writable_file, help="file for the times")
    speed.set_defaults(run=_speed)
    app = commands.add_parser("app", help="time what a visitor waits for, in a browser")
    app.add_argument("--repeats", type=_positive, default=3, help="how many servers are started")
    app.add_argument("--study", type=Path, help="folder of a DICOM study to drop, not the sample")
    app.add_argument("--json", type=writable_file, help="file for the times")
    app.set_defaults(run=_app)
    cohort = commands.add_parser("cohort", help="time many cases, overlapped and in turn")
    cohort.add_argument("case", nargs="+", type=Path, help="two or more cases")
    cohort.add_argument("--model", choices=[*registry(), "all"], default="all")
    cohort.add_argument("--rounds", type=_positive, default=3, help="how often each way is run")
    cohort.add_argument("--json", type=writable_file, help="file for the times")
    cohort.set_defaults(run=_cohort)
    _add_large(commands)
    _add_growth(commands)
    _add_nodes(commands)
    _add_processors(commands)
    _add_headers(commands)
    _add_study(commands)
    return parser


def _add_large(commands: Any) -> None:
    large = commands.add_parser("large", help="time and memory of a case of 512 × 512 × 512 voxels")
    large.add_argument("--case", type=Path, help="folder of one, in place of a generated one")
    large.add_argument("--side", type=_positive, default=512, help="voxels an axis, if generated")
    large.add_argument("--model", choices=[*registry(), "all"], default="all")
    large.add_argument("--app", action="store_true", help="drop it in the app too, in a browser")
    large.add_argument("--json", type=writable_file, help="file for the figures")
    large.set_defaults(run=_large)


def _add_growth(commands: Any) -> None:
    growth = commands.add_parser("growth", help="time and memory by slices, visitors and cases")
    growth.add_argument("--case", type=Path, required=True, help="folder of a case")
    growth.add_argument("--model", choices=[*registry(), "all"], default="all")
    growth.add_argument("--slices", type=_positive, nargs="+", help="numbers of slices, rising")
    growth.add_argument("--visitors", type=_positive, nargs="+", help="how many at once, rising")
    growth.add_argument("--row", type=_positive, help="cases in a row (50)")
    growth.add_argument("--json", type=writable_file, help="file for the figures")
    growth.add_argument("--plot", type=writable_file, help="picture of them, such as growth.webp")
    growth.set_defaults(run=_growth)


def _add_nodes(commands: Any) -> None:
    nodes = commands.add_parser("nodes", help="time visitors whom one and two nodes answer")
    nodes.add_argument("--case", type=Path, required=True, help="folder, 4D NIfTI or zip of a case")
    nodes.add_argument("--model", choices=registry(), default="unet")
    nodes.add_argument("--visitors", type=_positive, default=16, help="how many at once")
    nodes.add_argument("--json", type=writable_file, help="file for the times")
    nodes.set_defaults(run=_nodes)


def _add_processors(commands: Any) -> None:
    processors = commands.add_parser("processors", help="answers and times on other processors")
    processors.add_argument("--case", type=Path, nargs="+", default=[], help="folders of cases")
    processors.add_argument("--data", type=Path, help="data set: also its validation patients")
    processors.add_argument("--model", choices=[*registry(), "all"], default="all")
    processors.add_argument("--json", type=writable_file, help="file for the figures")
    processors.set_defaults(run=_processors)


def _add_headers(commands: Any) -> None:
    headers = commands.add_parser("headers", help="time a large study before its first pixel")
    headers.add_argument("--study", type=Path, required=True, help="folder of a DICOM study")
    headers.add_argument("--files", type=_positive, default=1500, help="how many are read")
    headers.add_argument("--repeats", type=_positive, default=3, help="how often each is timed")
    headers.add_argument("--json", type=writable_file, help="file for the times")
    headers.set_defaults(run=_headers)


def _add_study(commands: Any) -> None:
    study = commands.add_parser("study", help="time and memory of each step of a study")
    study.add_argument("--study", type=Path, required=True, help="folder of a DICOM study")
    study.add_argument("--repeats", type=_positive, default=2, help="how many processes do it")
    study.add_argument("--json", type=writable_file, help="file for the figures")
    study.set_defaults(run=_study)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not 1 or more")
    return number


def _cohort(options: argparse.Namespace) -> None:
    from benchmarks.cohort import IN_TURN, OVERLAPPED, measure_cohort
    from training.results import write_json

    found = measure_cohort(options.case, options.model, rounds=options.rounds)
    if options.json:
        write_json(found, options.json)
    for way in (IN_TURN, OVERLAPPED):
        times = " ".join(f"{seconds:.1f}" for seconds in found[way]["seconds"])
        print(f"{way:<10} {times} s, peak {found[way]['peak_rss_mb']:.0f} MB")
    print(f"in turn / overlapped {found['ratio']:.2f}")


def _large(options: argparse.Namespace) -> None:
    from benchmarks.large import format_large, measure_large
    from training.results import write_json

    results = measure_large(options.case, options.model, side=options.side, with_app=options.app)
    if options.json:
        write_json(results, options.json)
    print(format_large(results))


def _growth(options: argparse.Namespace) -> None:
    from benchmarks.growth import Sizes, measure_growth
    from benchmarks.growth_plot import write_plot
    from benchmarks.growth_text import format_growth
    from training.results import write_json

    names = ALL_MODELS if options.model == "all" else (options.model,)
    asked = {"slices": options.slices, "visitors": options.visitors, "row": options.row}
    given = {name: tuple(each) if name != "row" else each for name, each in asked.items() if each}

    def keep(results: dict[str, Any]) -> None:
        if options.json:
            write_json(results, options.json)

    results = measure_growth(options.case, names, Sizes(**given), keep=keep)
    if options.plot:
        write_plot(results, options.plot)
    print(format_growth(results))


def _nodes(options: argparse.Namespace) -> None:
    from benchmarks.nodes import measure_nodes
    from training.results import write_json

    results = measure_nodes(options.case, options.model, visitors=options.visitors)
    if options.json:
        write_json(results, options.json)
    for each in results["counts"]:
        waits = f"{each['answer_s']['median']:.1f} s, at most {each['answer_s']['max']:.1f} s"
        print(f"{each['nodes']} nodes: {each['cases_per_minute']:.1f} a minute, after {waits}")
    print(f"{results['ratio']:.2f} times as many")


def _processors(options: argparse.Namespace) -> None:
    from benchmarks.processors import format_processors, measure_processors

    cases = [*options.case, *_validation_patients(options.data)]
    if not cases:
        raise InputError("Give what the processors shall answer: --case, --data or both.")
    names = ALL_MODELS if options.model == "all" else (options.model,)
    results = measure_processors(cases, names)
    if options.json:
        from training.results import write_json

        write_json(results, options.json)
    print(format_processors(results))


def _validation_patients(data: Path | None) -> list[Path]:
    if data is None:
        return []
    from training.data.patients import split_cases

    return [data / name for name in split_cases(data, "val")]


def _headers(options: argparse.Namespace) -> None:
    from benchmarks.headers import format_headers, measure_headers
    from training.results import write_json

    results = measure_headers(options.study, files=options.files, repeats=options.repeats)
    if options.json:
        write_json(results, options.json)
    print(format_headers(results))


def _study(options: argparse.Namespace) -> None:
    from benchmarks.study import format_study, measure_study
    from training.results import write_json

    results = measure_study(options.study, repeats=options.repeats)
    if options.json:
        write_json(results, options.json)
    print(format_study(results))


def _speed(options: argparse.Namespace) -> None:
    from benchmarks.speed import measure_speed
    from training.results import write_json

    names = ALL_MODELS if options.model == "all" else (options.model,)
    results = measure_speed(
        options.case, names, repeats=options.repeats, precision=options.precision
    )
    if options.json:
        write_json(results, options.json)
    features = " ".join(results["features"]) or "of unknown features"
    print(
        f"{results['case']} {results['shape']}, {results['machine']} ({features}), "
        f"{results['arithmetic']}"
    )
    for name, found in results["models"].items():
        total = found["seconds"]["total"]
        print(
            f"  {name:<12} {total['median']:.2f} s ({total['min']:.2f} to {total['max']:.2f}), "
            f"plain {found['plain_seconds']:.2f} s, {found['ratio_to_plain']:.1f} times as fast, "
            f"at least {found['floor_seconds']:.2f} s (predicting is at "
            f"{found['arithmetic_limit']['share']:.0%} of the rate of matrix products), "
            f"peak {found['peak_rss_mb']} MB"
        )


def _app(options: argparse.Namespace) -> None:
    from benchmarks.app import MEMORY, SECOND, SENT, TIMES, measure_app
    from training.results import write_json

    results = measure_app(repeats=options.repeats, study=options.study)
    if options.json:
        write_json(results, options.json)
    print(f"{results['machine']}, {results['repeats']} servers")
    all_words = {"seconds": TIMES | SECOND, "rss_mb": MEMORY, "sent_mb": SENT}
    for (kind, words), unit in zip(all_words.items(), ("s", "MB", "MB"), strict=True):
        for what, found in results[kind].items():
            ends = f"{found['min']:.1f} to {found['max']:.1f}"
            print(f"  {found['median']:.1f} {unit} ({ends}) {words[what]}")


if __name__ == "__main__":
    sys.exit(main())
