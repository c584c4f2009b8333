"""Ctrl-C ends a command in one line, also while it still imports what it needs.

Little is imported here, so that little comes before.
"""

from collections.abc import Callable

EXIT_STOPPED = 130  # as of a shell's own commands
STOPPED = "Stopped; what was not finished was not written."


def exit_code_of(command: Callable[[], int]) -> int:
    """Run a program's ``main``, which imports within; its exit code, and a line if stopped."""
    try:
        return command()
    except KeyboardInterrupt:
        import os

        os.write(2, f"{STOPPED}\n".encode())
        os._exit(EXIT_STOPPED)  # what is half imported has nothing to put away
