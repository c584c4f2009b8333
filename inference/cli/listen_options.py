"""The options of ``python -m inference listen``."""

import argparse
from pathlib import Path
from typing import Final

from inference.cli.one_line import OneLineParser
from inference.cli.options import add_formats, add_networks, add_preparation
from inference.io.format_names import FOR_A_PACS

LISTEN: Final = "listen"
_DICOM_PORT: Final = 11112


def make_listen_parser() -> argparse.ArgumentParser:
    """The parser of the listener's command line."""
    parser = OneLineParser(
        prog=f"python -m inference {LISTEN}",
        description="Take studies by C-STORE, segment them one after the other, send the results.",
    )
    _add_network(parser)
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="folder for the journal, images that wait, and the results of each study",
    )
    _add_limits(parser)
    add_networks(parser)
    add_preparation(parser)
    add_formats(parser, default=",".join(FOR_A_PACS))
    return parser


def _add_network(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--aet", default="GLIOLENS", help="AE title of the listener")
    parser.add_argument("--port", type=_port, default=_DICOM_PORT)
    parser.add_argument(
        "--host", default="", metavar="ADDRESS", help="address to listen on (default: all)"
    )
    parser.add_argument(
        "--accept",
        type=_titles,
        default=(),
        metavar="AET,…",
        help="AE titles that may connect (default: any)",
    )
    parser.add_argument(
        "--send-to",
        metavar="AET@HOST:PORT|URL",
        help="DICOM node or DICOMweb service that gets the results (default: none does)",
    )


def _add_limits(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quiet",
        type=_positive,
        default=30.0,
        metavar="SECONDS",
        help="a study is complete when its associations are closed and nothing has come for so "
        "long (default: 30)",
    )
    parser.add_argument(
        "--max-inbox",
        type=_positive,
        default=20.0,
        metavar="GB",
        help="most room for images that wait (default: 20); above, images are refused as out of "
        "resources",
    )
    parser.add_argument(
        "--max-studies",
        type=_whole,
        default=100,
        metavar="N",
        help="most studies that are not finished (default: 100)",
    )
    parser.add_argument(
        "--keep",
        type=_positive,
        default=7.0,
        metavar="DAYS",
        help="how long results of a finished study, and its lines in the journal, are kept "
        "(default: 7)",
    )


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give 1 to 65535")
    return int(text)


def _titles(text: str) -> tuple[str, ...]:
    return tuple(title.strip() for title in text.split(",") if title.strip())


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return number


def _whole(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)
