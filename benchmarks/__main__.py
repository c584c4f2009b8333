"""``python -m benchmarks speed --case CASE --json FILE``, ``app``, ``cohort``, ``large``, …"""

import sys

from common.interrupts import exit_code_of


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    from benchmarks.commands import make_parser
    from inference.cli.one_line import run_command

    options = make_parser(__doc__).parse_args(arguments)
    return run_command(lambda: options.run(options))


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
