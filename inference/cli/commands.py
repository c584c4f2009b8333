"""The two ways of the command line: answer the cases given, or listen for studies."""

import argparse

from inference.cli.listen_options import LISTEN, make_listen_parser
from inference.cli.one_line import run_command
from inference.cli.options import make_parser


def run_arguments(arguments: list[str], description: str | None) -> int:
    """Do what the arguments of ``python -m inference`` say, and return the exit code."""
    if arguments[:1] == [LISTEN]:
        listening = make_listen_parser().parse_args(arguments[1:])
        return run_command(lambda: _listen(listening))
    parser = make_parser(description)
    options = parser.parse_args(arguments)
    if not (options.case or options.source_url):
        parser.error("give a case, or a study to fetch (--from URL --study UID)")
    return run_command(lambda: _run(options))


def _run(options: argparse.Namespace) -> None:
    from inference.cli.start import start_run  # here: --help waits for none of it

    start_run(options)


def _listen(options: argparse.Namespace) -> None:
    from inference.cli.listen import run_listener

    run_listener(options)
