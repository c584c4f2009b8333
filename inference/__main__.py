"""Segment cases from the command line: ``python -m inference CASE --model all --output DIR``."""

import sys

from common.interrupts import exit_code_of


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    from inference.cli.commands import run_arguments

    return run_arguments(sys.argv[1:] if arguments is None else arguments, __doc__)


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
