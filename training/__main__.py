"""``python -m training train CONFIG --data DIR [--resume]``, and its sisters."""

import sys

from common.interrupts import exit_code_of


def main(arguments: list[str] | None = None) -> int:
    """0 done, 2 bad input, 3 weights missing."""
    from inference.cli.one_line import run_command
    from training.commands import make_parser

    options = make_parser(__doc__).parse_args(arguments)
    return run_command(lambda: options.run(options))


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
