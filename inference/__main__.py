"""Segment cases from the command line: ``python -m inference CASE --model all --output DIR``."""

import argparse
import sys

from inference.cli.one_line import run_command
from inference.cli.options import make_parser


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    options = make_parser(__doc__).parse_args(arguments)
    return run_command(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    # Here: --help and a mistyped option wait for none of it.
    from common.memory import keep_heap_small
    from common.slow_imports import import_nibabel

    keep_heap_small()
    import_nibabel()
    from inference.cli.run import run

    run(options)


if __name__ == "__main__":
    sys.exit(main())
