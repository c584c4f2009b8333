"""``python -m synthetic [case|study] --output FOLDER [--seed N]``: write something made up."""

import sys

from common.interrupts import exit_code_of


def main(arguments: list[str] | None = None) -> int:
    """0 done."""
    from synthetic.commands import write_what_is_asked

    write_what_is_asked(arguments)
    return 0


if __name__ == "__main__":
    sys.exit(exit_code_of(main))
