"""Segment cases from the command line: ``python -m inference CASE --model all --output DIR``."""

import argparse
import sys

from inference.cli.listen_options import LISTEN, make_listen_parser
from inference.cli.one_line import run_command
from inference.cli.options import make_parser


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == [LISTEN]:
        listening = make_listen_parser().parse_args(given[1:])
        return run_command(lambda: _listen(listening))
    parser = make_parser(__doc__)
    options = parser.parse_args(given)
    if not (options.case or options.source_url):
        parser.error("give a case, or a study to fetch (--from URL --study UID)")
    return run_command(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    from inference.cli.start import start_run  # here: --help waits for none of it

    start_run(options)


def _listen(options: argparse.Namespace) -> None:
    from inference.cli.listen import run_listener

    run_listener(options)


if __name__ == "__main__":
    sys.exit(main())
