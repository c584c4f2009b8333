"""Printing that never fails: what was computed must not be lost for want of a console."""

import os
import sys
from typing import TextIO


def say(text: str, *, to: TextIO | None = None) -> None:
    """Print a line on stdout, or on another stream.

    A character that the console cannot show is written as its code; where nobody listens any more,
    as behind ``| head``, nothing is written from then on.
    """
    stream = to if to is not None else sys.stdout
    if stream is None:  # as under pythonw
        return
    try:
        print(_showable(text, stream), file=stream, flush=True)
    except (OSError, ValueError):
        _silence(stream)


def _showable(text: str, stream: TextIO) -> str:
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def _silence(stream: TextIO) -> None:
    """Send what a stream still holds nowhere, so that closing it does not fail either."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
